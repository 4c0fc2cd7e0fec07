# SPDX-License-Identifier: Apache-2.0
"""A provider has more in use than its capacity.

In life: an operator lowers the allocation ratio of a host that is already full (Placement takes it with 200 and a
WARNING). nova-compute keeps a ratio that nova.conf does not name, also when it restarts; a lowered total it would
put back, and the hypervisor would disagree with it besides.
"""
from placementlab.faults import parts

CHECKS = ("PLC301",)
PROFILES = ("nova", "placement")
NAME = "below-usage"
HOST = "cn4"
CLASS = "MEMORY_MB"
RATIO = 0.5


def seed(instance, cloud):
    """Puts 4096 MB of use on a provider, then lowers the ratio until the capacity is less."""
    name, provider = parts.host_provider(instance, cloud, NAME, HOST)
    if instance.profile == "nova":
        consumer = parts.server(cloud, NAME, HOST, "m1.medium")
    else:
        consumer = parts.new_uuid()
        cloud.allocate(consumer, {provider: {"VCPU": 2, "MEMORY_MB": 4096, "DISK_GB": 40}})
    before = set_ratio(cloud, provider, RATIO)
    used = cloud.placement("GET", f"/resource_providers/{provider}/usages")["usages"][CLASS]
    return {"provider": provider, "provider_name": name, "consumer": consumer, "resource_class": CLASS, "used": used,
            "capacity": int((before["total"] - before["reserved"]) * RATIO),
            "allocation_ratio": RATIO, "allocation_ratio_before": before["allocation_ratio"]}


def set_ratio(cloud, provider, ratio):
    """Changes the ratio of the class; returns its inventory from before."""
    path = f"/resource_providers/{provider}/inventories"
    inventories = cloud.placement("GET", path)
    before = inventories["inventories"][CLASS]
    inventories["inventories"][CLASS] = {**before, "allocation_ratio": ratio}
    cloud.placement("PUT", path, inventories)
    return before


def unseed(instance, cloud, record):
    """Sets the old ratio again and takes the use away."""
    set_ratio(cloud, record["provider"], record["allocation_ratio_before"])
    if instance.profile == "nova":
        parts.delete_server(cloud, NAME)
    else:
        cloud.release(record["consumer"])
        parts.give_back_provider(instance, cloud, NAME)
