# SPDX-License-Identifier: Apache-2.0
"""What several faults are made of."""
import sqlite3
import uuid
from contextlib import closing

from placementlab import accounts, placement, stores

INVENTORY = {"VCPU": {"total": 10, "max_unit": 10, "allocation_ratio": 16.0},
             "MEMORY_MB": {"total": 8192, "max_unit": 8192, "reserved": 512, "allocation_ratio": 1.5},
             "DISK_GB": {"total": 1028, "max_unit": 1028}}


def new_uuid():
    """A UUID that nothing has."""
    return str(uuid.uuid4())


def server(cloud, fault, host, flavor="m1.small"):
    """Boots the server of a fault; one that an interrupted run left is replaced."""
    accounts.delete_server(cloud, "seed-" + fault)
    return accounts.boot(cloud, "seed-" + fault, host, flavor)


def delete_server(cloud, fault):
    """Deletes the server of a fault."""
    accounts.delete_server(cloud, "seed-" + fault)


def provider(cloud, fault):
    """The UUID of a provider for one fault, made like a compute host's where no Nova makes any."""
    name = "seed-" + fault
    found = cloud.providers().get(name)
    if found:
        return found["uuid"]
    made = new_uuid()
    cloud.placement("POST", "/resource_providers", {"name": name, "uuid": made})
    path = f"/resource_providers/{made}"
    cloud.placement("PUT", path + "/inventories", {"resource_provider_generation": 0, "inventories": INVENTORY})
    cloud.placement("PUT", path + "/traits", {"resource_provider_generation": 1, "traits": ["COMPUTE_NODE"]})
    return made


def delete_provider(cloud, name):
    """Deletes a provider that nothing uses, if there is one of that name."""
    found = cloud.providers().get(name)
    if found:
        cloud.placement("DELETE", f"/resource_providers/{found['uuid']}")


def host_provider(instance, cloud, fault, host):
    """The provider a fault works on: a host's, or one of its own where there are no hosts; with its name."""
    if instance.profile == "nova":
        return host, cloud.providers()[host]["uuid"]
    return "seed-" + fault, provider(cloud, fault)


def give_back_provider(instance, cloud, fault):
    """Deletes the provider that `host_provider` made, if it made one."""
    if instance.profile == "placement":
        delete_provider(cloud, "seed-" + fault)


def held(cloud, consumer):
    """What a consumer holds: provider UUID -> resources."""
    return {found: part["resources"] for found, part in cloud.allocations(consumer)["allocations"].items()}


def placement_sql(instance, statement):
    """Runs a statement in Placement's database, behind its back."""
    if instance.profile == "nova":
        stores.sql(instance, f"USE placement; {statement};")
        return
    with closing(sqlite3.connect(placement.sqlite_file(instance), timeout=30)) as database, database:
        database.execute(statement)
