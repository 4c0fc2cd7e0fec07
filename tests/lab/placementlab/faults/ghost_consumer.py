# SPDX-License-Identifier: Apache-2.0
"""A consumer without allocations exists at generation 0; the next first allocation for its UUID gets a 409.

In life: a first PUT of allocations named a provider that had just been deleted. It is refused (400), but the
consumer stays, and no request shows it.
"""
from placementlab.cloud import Refused
from placementlab.faults import parts
from placementlab.steps import LabError

CHECKS = ()
PROFILES = ("nova", "placement")


def seed(_instance, cloud):
    """Sends that PUT."""
    consumer, provider = parts.new_uuid(), parts.new_uuid()
    try:
        cloud.allocate(consumer, {provider: {"VCPU": 1}})
    except Refused as refused:
        if refused.status != 400:
            raise
        return {"consumer": consumer, "unknown_provider": provider, "generation": 0, "answer": refused.text}
    raise LabError(f"Placement took an allocation on the unknown provider {provider}")


def unseed(instance, _cloud, record):
    """Deletes the consumer's row."""
    parts.placement_sql(instance, f"DELETE FROM consumers WHERE uuid = '{record['consumer']}'")
