# SPDX-License-Identifier: Apache-2.0
"""A server's allocation differs from what its flavor requests.

In life: a resize failed half-way and the amounts of the other flavor stayed, or somebody set allocations by hand.
"""
from placementlab.faults import parts

CHECKS = ("PLC106",)
PROFILES = ("nova",)
NAME = "wrong-amount"
HOST = "cn3"


def seed(_instance, cloud):
    """Boots a server and writes the amounts of the next larger flavor."""
    server = parts.server(cloud, NAME, HOST)
    before = cloud.allocations(server)
    (provider, part), = before["allocations"].items()
    wrong = {"VCPU": 2, "MEMORY_MB": 4096, "DISK_GB": 40}
    cloud.allocate(server, {provider: wrong}, generation=before["consumer_generation"])
    return {"server": server, "server_name": "seed-" + NAME, "host": HOST, "provider": provider,
            "expected": part["resources"], "allocated": wrong}


def unseed(_instance, cloud, _record):
    """Deletes the server, and with it what it holds."""
    parts.delete_server(cloud, NAME)
