# SPDX-License-Identifier: Apache-2.0
"""Has Nova's own report client refused in every way that it meets.

    report_client.py CONFIG LOG

Runs with the Python, the configuration and the user of a nova-compute, and logs as one does. Each refusal is printed as one
line of JSON: the conflict that it has to be, the request and the answer. What it makes is gone when it ends.
"""
import json
import sys
import uuid
from contextlib import contextmanager
from types import SimpleNamespace

import nova.cmd.compute  # noqa: F401 (first: it makes locks and threads what they are in a nova-compute)
from nova import config, context, exception
from nova.scheduler.client import report
from oslo_config import cfg
from oslo_log import log

NAME = "provoked-"
LOG = log.getLogger("nova.compute.manager")


def main(configuration, log_file):
    """Runs all steps."""
    config.parse_args(["nova-compute", "--config-file", configuration, "--log-file", log_file], configure_db=False, init_rpc=False)
    log.setup(cfg.CONF, "nova")
    sys.excepthook = sys.__excepthook__  # oslo.log's would write what goes wrong here into the log
    lab = Lab()
    try:
        for step in STEPS:
            lab.begin()
            step(lab)
    finally:
        lab.clean()


class Lab:
    """The report client under test, and another writer."""

    def __init__(self):
        self.client = report.SchedulerReportClient()
        self.send, self.client._client.request = self.client._client.request, self.request
        self.entry, self.made, self.held = None, [], set()
        self.begin()

    def begin(self):
        """A new operation of a report client that knows no provider yet."""
        self.context = context.get_admin_context()
        self.client.clear_provider_cache(init=True)

    def request(self, url, method, **options):
        """A request of the report client; tells what was refused."""
        answer = self.send(url, method, **options)
        if answer.status_code >= 400:
            print(json.dumps({
                "entry": self.entry, "method": method, "path": url, "status": answer.status_code, "body": answer.text,
                "microversion": options.get("microversion") or "1.0", "id": answer.headers["x-openstack-request-id"]}), flush=True)
        return answer

    def other(self, method, path, body=None):
        """A request of another writer, which must go through."""
        options = {"json": body} if body is not None else {}
        answer = self.send(path, method, microversion="1.37", raise_exc=False, **options)
        if answer.status_code >= 300:
            raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def provider(self, classes=("VCPU",), parent=None):
        """Makes a provider with eight of each class; returns its UUID."""
        made = str(uuid.uuid4())
        self.other("POST", "/resource_providers", {
            "uuid": made, "name": NAME + made[:8], **({"parent_provider_uuid": parent} if parent else {})})
        self.made.append(made)
        if classes:
            self.bump(made, classes)
        return made

    def known(self, provider):
        """Has the report client read a provider, as nova-compute does before it writes."""
        self.client.get_provider_tree_and_ensure_root(self.context, provider, name=NAME + provider[:8])
        return provider

    def bump(self, provider, classes=("VCPU",)):
        """Writes a provider behind the report client's back."""
        generation = self.other("GET", f"/resource_providers/{provider}")["generation"]
        self.other("PUT", f"/resource_providers/{provider}/inventories", {
            "resource_provider_generation": generation, "inventories": {name: {"total": 8} for name in classes}})

    def hold(self, consumer, provider, generation=None, amount=1):
        """Writes what a consumer holds behind the report client's back."""
        self.held.add(consumer)
        self.other("PUT", f"/allocations/{consumer}", holding(provider, generation, amount))
        return consumer

    def clean(self):
        """Takes away all that was made, the last first."""
        for provider in reversed(self.made):
            for consumer in self.other("GET", f"/resource_providers/{provider}/allocations")["allocations"]:
                self.other("DELETE", f"/allocations/{consumer}")
            self.other("DELETE", f"/resource_providers/{provider}")

    @contextmanager
    def refused(self, entry, error=None, said=None):
        """What is done in it must be refused as that entry. An error that the caller would log is logged so."""
        self.entry = entry
        try:
            yield
        except (error or ()) as raised:
            if said:
                LOG.exception(said)
            elif not isinstance(raised, exception.NovaException):
                raise
        else:
            if error:
                raise SystemExit(f"{entry}: nothing was raised")
        self.entry = None


def holding(provider, generation=None, amount=1, name="VCPU"):
    """The body with which a consumer gets something of a provider."""
    return {"allocations": {provider: {"resources": {name: amount}}}, "consumer_generation": generation,
            "project_id": "provoked", "user_id": "provoked"}


def new():
    """A UUID that nothing has."""
    return str(uuid.uuid4())


def names(lab):
    """A provider whose name, or whose UUID, another one has."""
    taken = lab.provider()
    with lab.refused("duplicate-name", exception.ResourceProviderCreationFailed):
        lab.client.get_provider_tree_and_ensure_root(lab.context, new(), name=NAME + taken[:8])
    with lab.refused("duplicate-uuid"):
        lab.client._create_resource_provider(lab.context, taken, NAME + "other")


def inventories(lab):
    """Inventories with a stale generation, and without a class that is in use."""
    conflict = "Error updating resources for node cn1."
    stale = lab.known(lab.provider())
    lab.bump(stale)
    with lab.refused("inventory-generation", exception.ResourceProviderUpdateConflict, conflict):
        lab.client.set_inventory_for_provider(lab.context, stale, {"VCPU": {"total": 9}})
    used = lab.provider()
    lab.hold(new(), used)
    lab.known(used)
    with lab.refused("inventory-in-use", exception.InventoryInUse, conflict):
        lab.client.set_inventory_for_provider(lab.context, used, {"MEMORY_MB": {"total": 9}})


def parts(lab):
    """Traits and aggregates with a stale generation."""
    stale = lab.known(lab.provider())
    lab.bump(stale)
    with lab.refused("provider-generation", exception.ResourceProviderUpdateConflict):
        lab.client.set_traits_for_provider(lab.context, stale, ["COMPUTE_NODE"])
    with lab.refused("provider-generation", exception.ResourceProviderUpdateConflict):
        lab.client.set_aggregates_for_provider(lab.context, stale, [new()])


def removals(lab):
    """Providers that something is on or below."""
    used, parent = lab.provider(), lab.provider()
    lab.hold(new(), used)
    lab.provider(parent=parent)
    with lab.refused("provider-in-use"):
        lab.client.delete_resource_provider(lab.context, SimpleNamespace(hypervisor_hostname="cn1", host="cn1", uuid=used))
    with lab.refused("provider-has-children", exception.ResourceProviderInUse):
        lab.client._delete_provider(parent)


def claims(lab):
    """What the scheduler claims where it does not fit."""
    def claim(consumer, provider, amount, name="VCPU"):
        body = {"allocations": {provider: {"resources": {name: amount}}}}
        lab.client.claim_resources(lab.context, consumer, body, "provoked", "provoked", "1.36")

    provider, ghost = lab.provider(), new()
    with lab.refused("over-capacity"):
        claim(new(), provider, 9)
    with lab.refused("no-inventory"):
        claim(new(), provider, 1, "MEMORY_MB")
    with lab.refused("provider-vanished"):
        claim(ghost, new(), 1)
    with lab.refused("ghost-consumer", exception.AllocationUpdateFailed):
        claim(ghost, provider, 1)
    lab.hold(ghost, provider, 0)  # the remedy; it goes with the provider
    generation = lab.other("GET", f"/resource_providers/{provider}")["generation"]
    lab.other("PUT", f"/resource_providers/{provider}/inventories/VCPU", {
        "resource_provider_generation": generation, "total": 8, "max_unit": 2})
    with lab.refused("unit-violation"):
        claim(new(), provider, 3)


def consumers(lab):
    """Consumers that another writer changed since they were read."""
    provider = lab.provider()
    stale = lab.hold(new(), provider)
    with lab.refused("consumer-generation", exception.AllocationUpdateFailed):
        lab.client.put_allocations(lab.context, stale, holding(provider, 7))
    with lab.refused("consumer-unknown", exception.AllocationUpdateFailed):
        lab.client.put_allocations(lab.context, new(), holding(provider, 3))
    with lab.refused("consumer-generation", exception.AllocationDeleteFailed), meanwhile(lab, stale, provider, 1):
        lab.client.delete_allocation_for_instance(lab.context, stale)
    said = "Exception during message handling"
    with lab.refused("consumer-generation", exception.AllocationMoveFailed, said), meanwhile(lab, stale, provider, 2):
        lab.client.move_allocations(lab.context, stale, new())


@contextmanager
def meanwhile(lab, consumer, provider, generation):
    """Has the consumer written by another after the report client has read it."""
    get, left = lab.client.get, [None]

    def get_and_write(url, **options):
        answer = get(url, **options)
        if left and url.endswith(consumer):
            left.pop()
            lab.hold(consumer, provider, generation)
        return answer

    lab.client.get = get_and_write
    try:
        yield
    finally:
        lab.client.get = get


def reshapes(lab):
    """Reshapes, which the report client does not log: nova-compute does, when it gives up."""
    def reshape(provider, generation, name="VCPU", allocations=None):
        body = {provider: {"inventories": {name: {"total": 8}}, "resource_provider_generation": generation}}
        lab.client._reshape(lab.context, body, allocations or {})

    said, provider, consumer = "Error updating resources for node cn1.", lab.provider(), new()
    conflict, failed = exception.PlacementReshapeConflict, exception.ReshapeFailed
    with lab.refused("reshape-generation", conflict, said):
        reshape(provider, 9)
    lab.hold(consumer, provider)
    with lab.refused("reshape-in-use", failed, said):
        reshape(provider, 2, "MEMORY_MB")
    with lab.refused("reshape-refused", failed, said):
        reshape(provider, 2, allocations={consumer: holding(provider, 1, 9)})
    with lab.refused("reshape-consumer", conflict, said):
        reshape(provider, 2, allocations={consumer: holding(provider, 5)})


STEPS = (names, inventories, parts, removals, claims, consumers, reshapes)

if __name__ == "__main__":
    main(*sys.argv[1:])
