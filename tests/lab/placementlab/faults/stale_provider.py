# SPDX-License-Identifier: Apache-2.0
"""A compute host's root provider is left, without a compute node.

In life: the host was removed with `openstack compute service delete` while something still held an allocation on
its provider; Nova logs the 409 and goes on. Later that allocation went away, the provider did not.
"""
from placementlab import hosts
from placementlab.faults import parts

CHECKS = ("PLC201",)
PROFILES = ("nova", "placement")
NAME = "stale-provider"
HOST = "cn7"


def seed(instance, cloud):
    """Does that with a host of its own; without Nova, makes a provider that looks like one."""
    if instance.profile == "placement":
        return {"provider": parts.provider(cloud, NAME), "provider_name": "seed-" + NAME}
    parts.delete_provider(cloud, HOST)
    hosts.add(instance, cloud, HOST)
    provider, holder = cloud.providers()[HOST]["uuid"], parts.new_uuid()
    cloud.allocate(holder, {provider: {"VCPU": 1}})
    hosts.retire(instance, cloud, HOST)
    cloud.release(holder)
    return {"provider": provider, "provider_name": HOST}


def unseed(_instance, cloud, record):
    """Deletes the provider."""
    parts.delete_provider(cloud, record["provider_name"])
