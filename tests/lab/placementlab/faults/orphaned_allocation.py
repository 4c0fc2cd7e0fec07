# SPDX-License-Identifier: Apache-2.0
"""A consumer that is neither a server nor a migration holds resources.

In life: Nova's databases were restored from a backup that is older than the server; Placement's was not. (A server
that is deleted while its host is down does not do it any more: the API removes the allocation itself.) nova-compute
leaves such a consumer alone, as it might be a server that is just being built.
"""
from placementlab import stores
from placementlab.faults import parts

CHECKS = ("PLC101",)
PROFILES = ("nova", "placement")
NAME = "orphaned-allocation"
HOST = "cn1"


def seed(instance, cloud):
    """Boots a server and loses every row about it; without Nova, allocates for a UUID that is nobody's."""
    name, provider = parts.host_provider(instance, cloud, NAME, HOST)
    if instance.profile == "nova":
        consumer = parts.server(cloud, NAME, HOST)
        for database in ("nova_cell1", "nova_api"):
            lose_rows(instance, database, consumer)
    else:
        consumer = parts.new_uuid()
        cloud.allocate(consumer, {provider: {"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20}})
    return {"consumer": consumer, "provider": provider, "provider_name": name, "resources": parts.held(cloud, consumer)[provider]}


def lose_rows(instance, database, server):
    """Deletes a server's rows in all tables that have any."""
    tables = stores.sql(instance, "SELECT table_name FROM information_schema.columns "
                                  f"WHERE table_schema = '{database}' AND column_name = 'instance_uuid'")
    deletes = [f"DELETE FROM {table} WHERE instance_uuid = '{server}'" for (table,) in tables if table != "instances"]
    if database == "nova_cell1":
        deletes.insert(0, "DELETE FROM instance_actions_events WHERE action_id IN "
                          f"(SELECT id FROM instance_actions WHERE instance_uuid = '{server}')")
        deletes.append(f"DELETE FROM instances WHERE uuid = '{server}'")
    stores.sql(instance, f"USE {database}; SET FOREIGN_KEY_CHECKS = 0; {'; '.join(deletes)};")


def unseed(instance, cloud, record):
    """Empties the consumer."""
    cloud.release(record["consumer"])
    parts.give_back_provider(instance, cloud, NAME)
