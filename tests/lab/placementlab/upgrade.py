# SPDX-License-Identifier: Apache-2.0
"""An upgrade as an operator makes it: the programs of another release on the data of a running instance."""
import time

from placementlab import faults, packages, process, profiles
from placementlab.cloud import Cloud
from placementlab.layout import RELEASES, UPGRADED
from placementlab.steps import LabError, Steps

STAY = ("mysql", "mysql-cell2", "epmd", "rabbit")  # memcached is emptied: it holds what the old release can read


def upgrade(instance, target, fault=None):
    """Ends the services, notes the release and goes on as `up` does, which finds the databases to be upgraded.

    Returns what the fault made. An upgrade that failed half way is finished by the next `up`.
    """
    refuse(instance, target)
    begin = time.monotonic()
    steps = Steps(instance.path("timings.log"))
    steps.note(f"== upgrade {instance.name} from {instance.programs} to {target}")
    steps.run("packages", packages.install, instance, target)
    if fault:
        steps.run(f"before {fault}", faults.prepare, instance, fault)
    ended = [name for name in process.daemons(instance) if name not in STAY]
    steps.together(*[(f"end {name}", process.stop, instance, name) for name in ended])
    instance.path(UPGRADED).write_text(target + "\n", encoding="ascii")
    profiles.up(instance)
    made = steps.run(fault, faults.seed, instance, fault) if fault else None
    steps.note(f"== {instance.name} runs {target} after {time.monotonic() - begin:.1f} s")
    return made


def refuse(instance, target):
    """Says why an instance can't be upgraded."""
    if target == instance.programs:
        raise LabError(f"{instance.name} runs {target} already")
    if RELEASES.index(target) < RELEASES.index(instance.programs):
        raise LabError(f"{instance.name} runs {instance.programs}, and no OpenStack goes back to {target}")
    faults.require_running(instance)
    if faults.seeded(instance, "cell-down"):
        raise LabError("the database of cell2 is down and can't be upgraded; `lab unseed cell-down` starts it")
