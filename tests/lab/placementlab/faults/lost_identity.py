# SPDX-License-Identifier: Apache-2.0
"""A host came back with another node UUID under its old name: its nova-compute gets 409 at every try to make its provider.

In life: the host was installed anew for an upgrade, and its compute_id was not kept. From 2023.1 on, nova-compute then
says "No local node identity found, but this is not our first startup on this host" and does not start until its service is
deleted (before, the service was deleted to clean up). Something still held an allocation there, so that Nova could
not delete the provider with the service, and logged that. The provider keeps the name.
"""
from placementlab import hosts
from placementlab.cloud import eventually
from placementlab.faults import parts
from placementlab.steps import wait_for

CHECKS = ("PLC201", "PLC203", "PLC205")
PROFILES = ("nova",)
HOST = "cn11"
INTERVAL = 5  # seconds; by default nova-compute would try once a minute


def prepare(instance, cloud):
    """Adds a host, unless it is there."""
    if HOST not in hosts.load(instance):
        hosts.add(instance, cloud, HOST)


def seed(instance, cloud):
    """Deletes the compute service of a host of its own and starts the host again."""
    prepare(instance, cloud)
    provider, holder = cloud.providers()[HOST]["uuid"], parts.new_uuid()
    cloud.allocate(holder, {provider: {"VCPU": 1}})
    hosts.retire(instance, cloud, HOST)
    hosts.add(instance, cloud, HOST, interval=INTERVAL, looks=False)
    cloud.release(holder)
    return {"host": HOST, "provider": provider, "node": node(cloud), "log": str(instance.log("nova-compute-" + HOST))}


def node(cloud):
    """The UUID of the host's compute node."""
    found = cloud.compute("GET", f"/os-hypervisors?hypervisor_hostname_pattern={HOST}")["hypervisors"]
    return next(one["id"] for one in found if one["hypervisor_hostname"] == HOST)


def unseed(instance, cloud, record):
    """Deletes the provider, unless it was healed, and once nova-compute has made its own the host with that."""
    if any(found["uuid"] == record["provider"] for found in cloud.providers().values()):
        eventually(lambda: cloud.placement("DELETE", f"/resource_providers/{record['provider']}"))
    wait_for(f"provider of {HOST}", lambda: cloud.providers().get(HOST, {}).get("uuid") == record["node"])
    hosts.retire(instance, cloud, HOST)
