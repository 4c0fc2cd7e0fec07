# SPDX-License-Identifier: Apache-2.0
"""The database of cell2 does not answer: Nova leaves the servers of that cell out of most lists.

In life: just that. MariaDB is killed as by a power failure; the other cell has another server and goes on.
"""
import time

from placementlab import compute, hosts, process, stores

CHECKS = ("PLC501",)
PROFILES = ("nova",)
SERVER = "mysql-cell2"


def seed(instance, cloud):
    """Kills the database server."""
    found = cloud.compute("GET", "/servers/detail?all_tenants=1")["servers"]
    names = [name for name, host in hosts.load(instance).items() if host["cell"] == "cell2"]
    servers = {server["id"]: server["name"] for server in found if server["OS-EXT-SRV-ATTR:host"] in names}
    process.kill(instance, SERVER)
    return {"cell": "cell2", "hosts": names, "servers": servers, "port": instance.port(SERVER)}


def unseed(instance, cloud, record):
    """Starts the database server and waits until the hosts of the cell beat again."""
    now = time.time()
    stores.start_mysql(instance, SERVER)
    compute.start_daemons(instance, ["cell1", "cell2"])  # after a `down` and `up` the cell's conductor does not run
    for name in record["hosts"]:
        host = hosts.load(instance)[name]
        hosts.start(instance, name, host)
        hosts.wait_up(instance, cloud, name, host, now)
