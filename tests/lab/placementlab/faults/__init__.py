# SPDX-License-Identifier: Apache-2.0
"""The faults that can be seeded: one module each, all of the same form.

A module's docstring begins with what is wrong afterwards and goes on with how that happens in life. CHECKS are the
ids of the checks it has to make loud (`seed` may name others for a release), PROFILES where it can be had.
`prepare(instance, cloud)`, which few have, makes what has to be there before: `lab upgrade --fault` does it before the upgrade.
`seed(instance, cloud)` makes it and returns what it made; `unseed(instance, cloud, record)` gets that record and
takes it back. Each fault has a host, a server or a provider to itself.
"""
import json

from placementlab import process
from placementlab.cloud import Cloud
from placementlab.faults import (
    below_usage, cell_down, evacuation_leftover, ghost_consumer, invisible_allocation, lost_identity, missing_allocation,
    orphaned_allocation, renamed_host, stale_provider, wrong_amount,
)
from placementlab.steps import LabError

FAULTS = {
    "orphaned-allocation": orphaned_allocation,
    "evacuation-leftover": evacuation_leftover,
    "missing-allocation": missing_allocation,
    "wrong-amount": wrong_amount,
    "renamed-host": renamed_host,
    "lost-identity": lost_identity,
    "stale-provider": stale_provider,
    "below-usage": below_usage,
    "invisible-allocation": invisible_allocation,
    "ghost-consumer": ghost_consumer,
    "cell-down": cell_down,
}


def of_profile(profile):
    """The names of the faults that a profile can have."""
    return [name for name, module in FAULTS.items() if profile in module.PROFILES]


def table():
    """The list that `lab seed --list` prints."""
    lines = [f"{name:<21} {' '.join(module.PROFILES):<15} {' '.join(module.CHECKS) or '-':<21} {module.__doc__.splitlines()[0]}"
             for name, module in FAULTS.items()]
    return "\n".join([f"{'FAULT':<21} {'PROFILES':<15} {'CHECKS':<21} WHAT IS WRONG THEN", *lines]) + "\n"


def prepare(instance, name):
    """Makes what has to be there before a fault, where a fault has such a thing."""
    make = getattr(FAULTS[name], "prepare", None)
    if make:
        make(instance, Cloud(instance))


def seed(instance, name):
    """Makes a fault unless it is there; returns what was made."""
    records = load(instance)
    if name not in records:
        require_running(instance)
        made = FAULTS[name].seed(instance, Cloud(instance))
        records[name] = {"fault": name, "checks": list(FAULTS[name].CHECKS), **made}
        save(instance, records)
    return records[name]


def unseed(instance, name):
    """Takes a fault back if it is there."""
    records = load(instance)
    record = records.get(name)
    if record:
        require_running(instance)
        FAULTS[name].unseed(instance, Cloud(instance), record)
        del records[name]
        save(instance, records)
    return {"fault": name, "taken_back": bool(record)}


def seeded(instance, name):
    """Tells whether a fault is there."""
    return name in load(instance)


def load(instance):
    """What is seeded now: name -> what was made."""
    file = instance.path("seeds.json")
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def save(instance, records):
    """Keeps what is seeded."""
    instance.path("seeds.json").write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


def require_running(instance):
    """Refuses to work on a lab that is down."""
    if not process.pid_of(instance, "placement"):
        raise LabError(f"{instance.name} does not run; "
                       f"`lab up --profile {instance.profile} --release {instance.release}` starts it")
