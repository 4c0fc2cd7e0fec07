# SPDX-License-Identifier: Apache-2.0
"""A provider's usage exceeds the sum of all the allocations that can be seen.

In life: allocations from before Placement had a table of consumers, whose rows the upgrade never made
(`placement-status upgrade check` calls them "Incomplete Consumers"). They count as used, and no request shows them.
"""
from placementlab.faults import parts

CHECKS = ("PLC109",)
PROFILES = ("nova", "placement")
NAME = "invisible-allocation"
HOST = "cn5"
RESOURCES = {"VCPU": 1, "MEMORY_MB": 512, "DISK_GB": 1}


def seed(instance, cloud):
    """Allocates for a consumer, then loses the consumer's row."""
    name, provider = parts.host_provider(instance, cloud, NAME, HOST)
    consumer = parts.new_uuid()
    cloud.allocate(consumer, {provider: RESOURCES})
    parts.placement_sql(instance, f"DELETE FROM consumers WHERE uuid = '{consumer}'")
    return {"consumer": consumer, "provider": provider, "provider_name": name, "resources": RESOURCES}


def unseed(instance, cloud, record):
    """Deletes the rows of the allocation."""
    parts.placement_sql(instance, f"DELETE FROM allocations WHERE consumer_id = '{record['consumer']}'")
    parts.give_back_provider(instance, cloud, NAME)
