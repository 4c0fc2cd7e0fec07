# SPDX-License-Identifier: Apache-2.0
"""An ACTIVE server on a host holds nothing in Placement.

In life: `nova-manage placement audit --delete`, or an operator with `openstack resource provider allocation delete`,
took a running server's allocation for an orphan's. Nova never makes it again by itself.
"""
from placementlab.faults import parts

CHECKS = ("PLC105",)
PROFILES = ("nova",)
NAME = "missing-allocation"
HOST = "cn2"


def seed(_instance, cloud):
    """Boots a server and deletes its allocations."""
    server = parts.server(cloud, NAME, HOST)
    lost = parts.held(cloud, server)
    cloud.placement("DELETE", f"/allocations/{server}")
    return {"server": server, "server_name": "seed-" + NAME, "host": HOST, "provider": next(iter(lost)), "lost": lost}


def unseed(_instance, cloud, record):
    """Gives the allocations back, then deletes the server."""
    if not parts.held(cloud, record["server"]):
        cloud.allocate(record["server"], record["lost"])
    parts.delete_server(cloud, NAME)
