# SPDX-License-Identifier: Apache-2.0
"""A server holds resources on two hosts: where it runs and where it was evacuated from.

In life: the host died, the server was evacuated, and the old host never came back. nova-compute would remove the
allocation there at its next start, which is what taking this fault back does.
"""
from placementlab import accounts, hosts, process
from placementlab.faults import parts
from placementlab.steps import wait_for

CHECKS = ("PLC103",)
PROFILES = ("nova",)
NAME = "evacuation-leftover"
HOST = "cn9"
REFUGE = "cn1"


def seed(instance, cloud):
    """Boots a server on a host of its own, kills that host's nova-compute, fences it and evacuates the server."""
    hosts.add(instance, cloud, HOST)
    server = parts.server(cloud, NAME, HOST)
    process.kill(instance, "nova-compute-" + HOST)
    hosts.forget(instance, HOST)
    cloud.compute("PUT", f"/os-services/{hosts.service_of(cloud, HOST)['id']}", {"forced_down": True})
    hosts.wait_down(cloud, HOST)
    cloud.compute("POST", f"/servers/{server}/action", {"evacuate": {"host": REFUGE}})
    wait_for("end of the evacuation", lambda: evacuated(cloud, server))
    return {"server": server, "server_name": "seed-" + NAME, "host": REFUGE, "left_host": HOST,
            "provider": cloud.providers()[REFUGE]["uuid"], "left_provider": cloud.providers()[HOST]["uuid"],
            "allocations": parts.held(cloud, server)}


def evacuated(cloud, server):
    """Tells whether the server has arrived and its migration is over."""
    found = cloud.compute("GET", f"/servers/{server}")["server"]
    moves = cloud.compute("GET", f"/os-migrations?instance_uuid={server}")["migrations"]
    return (found["OS-EXT-SRV-ATTR:host"] == REFUGE and found["status"] == "ACTIVE" and not found["OS-EXT-STS:task_state"]
            and all(move["status"] == "done" for move in moves))


def unseed(instance, cloud, record):
    """Lets the host come back, which frees its share; then removes server and host.

    The host stays fenced: Nova lifts that only after the nova-compute has cleaned up.
    """
    hosts.start(instance, HOST, {"cell": "cell1", "driver": hosts.MEDIUM})
    wait_for("release of the left host", lambda: record["left_provider"] not in parts.held(cloud, record["server"]))
    accounts.delete_server(cloud, "seed-" + NAME)
    hosts.retire(instance, cloud, HOST)
