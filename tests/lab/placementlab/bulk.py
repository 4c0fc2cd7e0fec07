# SPDX-License-Identifier: Apache-2.0
"""A large cloud without large hardware: hosts named bulk-00001 and so on with ten servers each, written with SQL.

Every row is a copy of what Nova and Placement wrote for cn1 and its server s1, so both releases get rows of their own
form. Ids are made of names, so that loading the same number again gives the same cloud. Nobody runs on these hosts: an
event of the database beats for their nova-compute.
"""
import time

from placementlab import stores
from placementlab.faults import require_running
from placementlab.steps import LabError

SERVERS = 10  # on each host, all of the flavor of s1
FULL = 50  # every 50th host has no room: answers about allocation candidates leave it out
NESTED = 100  # every 100th has a child provider
MOST = 50000  # no more than LPAD has digits for
CHUNK = 10000  # hosts that one statement writes or deletes: what can be undone of it has to fit beside the rows

HOST, SERVER = "CONCAT('bulk-', LPAD(h.seq, 5, '0'))", "CONCAT('bulk-', LPAD(h.seq, 5, '0'), '-s', v.seq)"
CHILD = "CONCAT('bulk-', LPAD(h.seq, 5, '0'), '-child')"
OURS = "LIKE 'bulk-%'"
# What a host of this size has of each class of nova-compute, and in which column of compute_nodes that stands.
SIZE = {"VCPU": ("vcpus", 16), "MEMORY_MB": ("memory_mb", 65536), "DISK_GB": ("local_gb", 1028)}
# Foreign keys are not looked at: a child provider could not be deleted in one statement with its parent.
# What is read while rows are written is not locked: Nova's heartbeats would wait for the end.
SESSION = ("USE placement; SET NAMES utf8mb3; SET SESSION foreign_key_checks = 0, unique_checks = 0; "
           "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; ")
OF_SERVER = ("instance_extra", "instance_info_caches", "block_device_mapping")
ANALYZED = ("placement.resource_providers", "placement.inventories", "placement.allocations", "placement.consumers",
            "placement.resource_provider_traits", "nova_cell1.instances", "nova_cell1.instance_extra",
            "nova_cell1.compute_nodes", "nova_cell1.services", "nova_api.instance_mappings", "nova_api.host_mappings")
# As often as the lab's own hosts beat (report_interval). What is more than service_down_time away counts as down, in the
# future too (nova/servicegroup/drivers/db.py); half of that ahead is for lists that take long on a busy machine.
HEARTBEAT = f"""CREATE OR REPLACE EVENT nova_cell1.bulk_heartbeat ON SCHEDULE EVERY 5 SECOND DO UPDATE nova_cell1.services
SET last_seen_up = UTC_TIMESTAMP() + INTERVAL 20 SECOND, updated_at = UTC_TIMESTAMP(), report_count = report_count + 1 WHERE host {OURS};"""


def fill(instance, number):
    """Makes it `number` hosts, whatever there was before, and none with 0; returns what is there then."""
    if instance.profile != "nova":
        raise LabError("only the profile nova can have these hosts")
    if not 0 <= number <= MOST:
        raise LabError(f"{number} is not a number of hosts from 0 to {MOST}")
    require_running(instance)
    begin = time.monotonic()
    wipe(instance)
    if number:
        require_template(instance)
        stores.sql(instance, SESSION + HEARTBEAT)
        for first, last in chunks(number):
            stores.sql(instance, SESSION + "".join(statements(instance, first, last)))
    # Else the first queries of a measurement would run with statistics of another size.
    stores.sql(instance, f"ANALYZE TABLE {', '.join(ANALYZED)};")
    return {"providers": count(instance, "placement.resource_providers", "name"), "hosts": number,
            "servers": count(instance, "nova_cell1.instances", "host"), "full": number // FULL,
            "nested": number // NESTED, "seconds": round(time.monotonic() - begin, 1)}


def chunks(number):
    """The hosts in groups of which a statement is not too large: the first and the last of each."""
    return [(first, min(first + CHUNK - 1, number)) for first in range(1, number + 1, CHUNK)]


def ours(column, first, last):
    """The SQL that says that a name is one of these hosts, or of what is theirs."""
    return f"{column} {OURS} AND {column} >= 'bulk-{first:05}' AND {column} < 'bulk-{last + 1:05}'"


def require_template(instance):
    """Refuses to copy what is not there."""
    found = stores.sql(instance, "SELECT 1 FROM nova_cell1.instances WHERE host = 'cn1' AND hostname = 's1' AND deleted = 0")
    if not found:
        raise LabError("there is no server s1 on cn1 to copy; `lab up` makes it")


def count(instance, table, column):
    """How many of the rows of a table are ours."""
    (number,), = stores.sql(instance, f"SELECT COUNT(*) FROM {table} WHERE {column} {OURS}")
    return int(number)


def wipe(instance):
    """Takes all of it away."""
    stores.sql(instance, "DROP EVENT IF EXISTS nova_cell1.bulk_heartbeat")
    for first, last in chunks(MOST):
        stores.sql(instance, SESSION + "; ".join(deletions(first, last)) + ";")


def deletions(first, last):
    """The SQL that takes these hosts away, in the order in which it has to run."""
    servers = f"JOIN nova_cell1.instances i ON {ours('i.host', first, last)} AND i.uuid = t."
    providers = f"JOIN placement.resource_providers p ON {ours('p.name', first, last)} AND p.id = t.resource_provider_id"
    yield from (f"DELETE t FROM nova_cell1.{table} t {servers}instance_uuid" for table in OF_SERVER)
    yield f"DELETE t FROM nova_api.instance_mappings t {servers}instance_uuid"
    yield f"DELETE t FROM placement.consumers t {servers}uuid"
    for table in ("nova_cell1.instances", "nova_cell1.compute_nodes", "nova_cell1.services", "nova_api.host_mappings"):
        yield f"DELETE FROM {table} WHERE {ours('host', first, last)}"
    yield from (f"DELETE t FROM placement.{table} t {providers}" for table in ("allocations", "inventories", "resource_provider_traits"))
    yield f"DELETE FROM placement.resource_providers WHERE {ours('name', first, last)}"


def statements(instance, first, last):
    """The SQL that makes these hosts, in the order in which it has to run."""
    hosts = f"JOIN seq_{first}_to_{last} h"
    servers = f"{hosts} JOIN seq_1_to_{SERVERS} v"
    server_id = uuid(SERVER)

    def copy(table, more, where, **changed):
        return copied(instance, table, f"{more} WHERE {where}", changed)

    yield copy("nova_cell1.services", hosts, "t.host = 'cn1' AND t.binary = 'nova-compute'", host=HOST,
               uuid=uuid(f"{HOST}, '-service'"), last_seen_up="UTC_TIMESTAMP()")
    yield copy("nova_cell1.compute_nodes", hosts, "t.host = 'cn1' AND t.deleted = 0", host=HOST, hypervisor_hostname=HOST,
               uuid=uuid(HOST), running_vms=str(SERVERS), **{column: str(size) for column, size in SIZE.values()})
    yield copy("nova_api.host_mappings", hosts, "t.host = 'cn1'", host=HOST)
    template = "t.host = 'cn1' AND t.hostname = 's1' AND t.deleted = 0"
    yield copy("nova_cell1.instances", servers, template, host=HOST, node=HOST, launched_on=HOST, uuid=server_id,
               hostname=SERVER, display_name=SERVER, reservation_id="CONCAT('r-', LEFT(MD5(v.seq * 100000 + h.seq), 8))",
               compute_id=f"(SELECT c.id FROM nova_cell1.compute_nodes c WHERE c.host = {HOST} AND c.deleted = 0)")
    of_server = f"JOIN nova_cell1.instances s ON s.uuid = t.instance_uuid {servers}"
    template = "s.host = 'cn1' AND s.hostname = 's1' AND s.deleted = 0"
    for table in OF_SERVER:
        yield copy("nova_cell1." + table, of_server, template, instance_uuid=server_id, uuid=uuid(f"{SERVER}, '-{table}'"))
    yield copy("nova_api.instance_mappings", of_server, template, instance_uuid=server_id)
    yield from providers(copy, hosts)
    yield copy("placement.consumers", f"JOIN nova_cell1.instances s ON s.uuid = t.uuid {servers}", template, uuid=server_id)
    yield copy("placement.allocations", f"JOIN nova_cell1.instances s ON s.uuid = t.consumer_id {servers} {provider(HOST)}",
               template, resource_provider_id="p.id", consumer_id=server_id)


def providers(copy, hosts):
    """The SQL that makes the resource providers with all that hangs on them but allocations."""
    name, roots = "placement.resource_providers", "UPDATE placement.resource_providers SET root_provider_id = id WHERE name"
    yield copy(name, hosts, "t.name = 'cn1'", name=HOST, uuid=uuid(HOST), root_provider_id="NULL")
    yield f"{roots} {OURS} AND root_provider_id IS NULL;"
    nested = f"h.seq % {NESTED} = 0"
    yield copy(name, hosts + provider(HOST), f"t.name = 'cn5-child' AND {nested}", name=CHILD, uuid=uuid(CHILD),
               root_provider_id="p.id", parent_provider_id="p.id")
    of_template = "JOIN placement.resource_providers o ON o.id = t.resource_provider_id"
    yield copy("placement.resource_provider_traits", f"{of_template} {hosts} {provider(HOST)}", "o.name = 'cn1'",
               resource_provider_id="p.id")
    yield copy("placement.inventories", f"{of_template} {hosts} {provider(CHILD)}", f"o.name = 'cn5-child' AND {nested}",
               resource_provider_id="p.id")
    # Of a host without room all that its servers do not use is reserved.
    use = ("SELECT a.used FROM placement.allocations a JOIN nova_cell1.instances s ON s.uuid = a.consumer_id "
           "WHERE s.host = 'cn1' AND s.hostname = 's1' AND s.deleted = 0 AND a.resource_class_id = t.resource_class_id")
    for kind, (_, size) in SIZE.items():
        yield copy("placement.inventories", f"{of_template} JOIN placement.resource_classes k ON k.id = t.resource_class_id "
                                            f"{hosts} {provider(HOST)}", f"o.name = 'cn1' AND k.name = '{kind}'",
                   resource_provider_id="p.id", total=str(size), max_unit=str(size), allocation_ratio="1.0",
                   reserved=f"IF(h.seq % {FULL} = 0, {size} - {SERVERS} * ({use}), 0)")


def provider(name):
    """Joins the provider of a name."""
    return f" JOIN placement.resource_providers p ON p.name = {name}"


def uuid(name):
    """The SQL of a UUID made of a name."""
    text = f"MD5(CONCAT({name}))"
    for position in (21, 17, 13, 9):
        text = f"INSERT({text}, {position}, 0, '-')"
    return text


def copied(instance, table, source, changed):
    """The SQL that copies rows of a table, with other values in the columns that it has of `changed`.

    The tables are joined in the order in which they stand, each found by a key: the statistics are those of another size.
    """
    database, name = table.split(".")
    columns = [column for column, in stores.sql(
        instance, f"SELECT column_name FROM information_schema.columns WHERE table_schema = '{database}' "
                  f"AND table_name = '{name}' AND extra NOT LIKE '%auto_increment%' ORDER BY ordinal_position")]
    values = [changed.get(column, f"t.`{column}`") for column in columns]
    names = ", ".join(f"`{column}`" for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT STRAIGHT_JOIN {', '.join(values)} FROM {table} t {source};\n"
