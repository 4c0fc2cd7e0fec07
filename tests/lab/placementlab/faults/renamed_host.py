# SPDX-License-Identifier: Apache-2.0
"""A hypervisor got another hostname: two providers for one host, and the server's allocation is on the old one.

In life: an FQDN appeared in (or went from) the hypervisor's hostname. nova-compute takes the new name for another
node, makes a provider for it and deletes the old node; the old provider it can't delete, as the server is on it.
From 2023.1 on, nova-compute refuses to start under a new name ("Possible rename detected") as long as it finds the
node's UUID in its compute_id file; so there the machine was reinstalled, and its compute_id was created again. The newest
Nova keeps the old node too (`Found orphan compute node ... We are not deleting this`): two hypervisors, none stale.
"""
from placementlab import hosts, process
from placementlab.faults import parts

CHECKS = ("PLC104", "PLC201", "PLC202")
PROFILES = ("nova",)
NAME = "renamed-host"
HOST = "cn8"
NEW_NAME = "cn8.example.org"


def seed(instance, cloud):
    """Boots a server on a host of its own and restarts the host with another hypervisor hostname."""
    hosts.add(instance, cloud, HOST)
    server = parts.server(cloud, NAME, HOST)
    process.stop(instance, "nova-compute-" + HOST)
    renew_identity(instance)
    hosts.add(instance, cloud, HOST, hypervisor=NEW_NAME)
    found = cloud.providers()
    checks = CHECKS if instance.programs == "zed" else ("PLC202",)
    return {"checks": list(checks), "server": server, "server_name": "seed-" + NAME, "host": HOST,
            "old_name": HOST, "old_provider": found[HOST]["uuid"], "new_name": NEW_NAME, "new_provider": found[NEW_NAME]["uuid"],
            "allocations": parts.held(cloud, server)}


def renew_identity(instance):
    """Gives the host another compute_id, if this release has one."""
    file = instance.path("state/nova", HOST, "compute_id")
    if file.exists():
        file.write_text(parts.new_uuid(), encoding="ascii")


def unseed(instance, cloud, _record):
    """Deletes the server and the host, then the provider that Nova forgot."""
    parts.delete_server(cloud, NAME)
    hosts.retire(instance, cloud, HOST)
    parts.delete_provider(cloud, HOST)
