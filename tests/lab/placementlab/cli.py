# SPDX-License-Identifier: Apache-2.0
"""The commands. Exit codes: 0 done, 1 failed, 2 wrong usage."""
import argparse
import fcntl
import json
import os
import sys
from contextlib import contextmanager

from placementlab import bulk, faults, hosts, packages, process, profiles, report, upgrade
from placementlab.cloud import Cloud
from placementlab.layout import PROFILES, RELEASES, Instance, instances, lab_dir
from placementlab.steps import LabError

EPILOG = """environment:
  LAB_DIR        state folder (default: .lab at the top of the repository)
  LAB_CACHE      folder of the virtualenvs (default: cache in LAB_DIR)
  NO_ROOT        if set, sudo is not used: Placement alone comes from PyPI then
  LAB_PORT_BASE  first port; four blocks of 40 ports follow, all on 127.0.0.1 (default: 21000)
"""


def main(arguments):
    """Runs one command and returns its exit code; a reader that has gone (`lab status | head`) ends it quietly."""
    try:
        try:
            return perform(arguments)
        finally:
            print(end="", flush=True)  # here, where a BrokenPipeError can be caught, and not when Python exits
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more when it exits
        return 1


def perform(arguments):
    """Runs one command, says in a sentence why it failed, and returns its exit code."""
    options = parser().parse_args(arguments)
    try:
        return options.command(options) or 0
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("lab: interrupted; `lab up` goes on from here, `lab down` ends what runs", file=sys.stderr)
        return 1


def parser():
    """The command line."""
    top = argparse.ArgumentParser(prog="lab", description="A real OpenStack control plane on loopback.", epilog=EPILOG,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    add(commands, "up", up, "install what is missing, configure and start; on a running lab verify and repair")
    command = add(commands, "down", down, "end what the lab started; all of it when no profile is named", optional=True)
    command.add_argument("--wipe", action="store_true", help="also remove databases, logs and configurations (the cache stays)")
    add(commands, "install", install, "only install the packages, saying first which")
    add(commands, "release", release_here, "print the release to take here: zed, or current where Debian's packages can't be installed")
    command = add(commands, "upgrade", upgrade_release, "run the programs of another release on the data of a running lab")
    command.add_argument("--to", choices=RELEASES, default="current", help="the release (default: current)")
    command.add_argument("--fault", metavar="FAULT", help="a fault that the upgrade brings, see `lab seed --list`")
    add(commands, "env", env, "print as JSON what a test has to know")
    for name, function in (("seed", seed), ("unseed", unseed)):
        word = {"seed": "make a fault the way it happens in life; prints what was made as JSON",
                "unseed": "take a seeded fault back"}[name]
        command = add(commands, name, function, word)
        command.add_argument("faults", nargs="*", metavar="FAULT", help="see `lab seed --list`")
        command.add_argument("--list", action="store_true", help="list the faults and the checks that find them")
    command = add(commands, "bulk", bulk_hosts, "make it N hosts with ten servers each beside the lab's own, written with SQL; 0 takes them away")
    command.add_argument("number", type=int, metavar="N", help=f"how many, up to {bulk.MOST}")
    command = add(commands, "host", host, "add a hypervisor host to cell1, kill its nova-compute, start it again, retire it")
    command.add_argument("action", choices=HOST_ACTIONS, help="kill: as a crash does it; retire: with Nova's records of it")
    command.add_argument("name", metavar="HOST")
    command.add_argument("--interval", type=int, metavar="SECONDS",
                         help=f"start: how often its nova-compute looks at its provider (default: {hosts.INTERVAL})")
    command.add_argument("--hypervisor", metavar="NAME", help="start: the hostname of its hypervisor (default: HOST)")
    command.add_argument("--set", action="append", default=[], metavar="SECTION.OPTION=VALUE", dest="options", type=override,
                         help="start: what its nova.conf says from now on, until it is set to nothing (SECTION.OPTION=)")
    commands.add_parser("status", help="what runs", description="What runs.").set_defaults(command=status)
    return top


def add(commands, name, function, text, optional=False):
    """Adds a command that is about one instance."""
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    command.set_defaults(command=function)
    command.add_argument("--profile", choices=PROFILES, default=None if optional else "placement",
                         help="placement: Placement alone on SQLite; nova: the whole control plane"
                              + (" (default: every instance)" if optional else " (default: placement)"))
    command.add_argument("--release", choices=RELEASES, default=None if optional else "zed",
                         help="zed: Debian 12's packages; current: the newest from PyPI, as pinned in current.lock"
                              + ("" if optional else " (default: zed)"))
    return command


def override(text):
    """Takes SECTION.OPTION=VALUE apart."""
    name, given, value = text.partition("=")
    section, dot, option = name.partition(".")
    if not (given and dot and section and option):
        raise argparse.ArgumentTypeError(f"{text!r} is not SECTION.OPTION=VALUE")
    return section, option, value


def host(options):
    """lab host"""
    instance = chosen(options)
    more = {key: value for key in ("interval", "hypervisor") if (value := getattr(options, key)) is not None}
    if options.interval is not None and options.interval < 1:
        print(f"lab: --interval {options.interval}: takes 1 or more", file=sys.stderr)
        return 2
    if (more or options.options) and options.action != "start":
        print("lab: --interval, --hypervisor and --set go with start", file=sys.stderr)
        return 2
    with alone(instance):
        faults.require_running(instance)
        hosts.override(instance, options.name, options.options)
        HOST_ACTIONS[options.action](instance, Cloud(instance), options.name, **more)
    return 0


HOST_ACTIONS = {"add": hosts.add, "kill": hosts.kill, "start": hosts.restart, "retire": hosts.retire}


def chosen(options):
    """The instance that the options name."""
    return Instance(options.profile, options.release)


@contextmanager
def alone(instance):
    """Keeps two commands from working on one instance at the same time."""
    lab_dir().mkdir(parents=True, exist_ok=True)
    with open(lab_dir() / f".{instance.name}.lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"lab: waiting for another command that works on {instance.name}", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def up(options):
    """lab up"""
    with alone(chosen(options)):
        profiles.up(chosen(options))


def down(options):
    """lab down"""
    for instance in instances():
        if options.profile in (None, instance.profile) and options.release in (None, instance.release):
            with alone(instance):
                profiles.down(instance, options.wipe)


def upgrade_release(options):
    """lab upgrade"""
    instance = chosen(options)
    possible = faults.of_profile(instance.profile)
    if options.fault and options.fault not in possible:
        print(f"lab: not a fault of profile {instance.profile}: {options.fault}; there are: {' '.join(possible)}", file=sys.stderr)
        return 2
    with alone(instance):
        made = upgrade.upgrade(instance, options.to, options.fault)
    if made:
        print(json.dumps(made))
    return 0


def install(options):
    """lab install"""
    chosen(options).make_folders()
    packages.install(chosen(options))


def release_here(options):
    """lab release"""
    print("zed" if packages.from_apt(Instance(options.profile, "zed")) else "current")


def status(_options):
    """lab status"""
    if not any(process.daemons(instance) for instance in instances()):
        print(f"nothing runs (state folder: {lab_dir()})")
    for instance in instances():
        for name in process.daemons(instance):
            pid = process.pid_of(instance, name)
            print(f"{instance.name:<18} {name:<22} {pid or '-':>8}  {'runs' if pid else 'died'}")


def env(options):
    """lab env"""
    print(json.dumps(report.describe(chosen(options)), indent=2))


def seed(options):
    """lab seed"""
    if options.list:
        print(faults.table(), end="")
        return 0
    return each_fault(options, faults.seed)


def unseed(options):
    """lab unseed"""
    return each_fault(options, faults.unseed)


def bulk_hosts(options):
    """lab bulk"""
    with alone(chosen(options)):
        print(json.dumps(bulk.fill(chosen(options), options.number)))


def each_fault(options, action):
    """Applies an action to the faults named on the command line."""
    instance = chosen(options)
    possible = faults.of_profile(instance.profile)
    unknown = [name for name in options.faults if name not in possible]
    if unknown or not options.faults:
        wrong = f"not a fault of profile {instance.profile}: {' '.join(unknown)}" if unknown else "no fault was named"
        print(f"lab: {wrong}; there are: {' '.join(possible)}", file=sys.stderr)
        return 2
    with alone(instance):
        for name in options.faults:
            print(json.dumps(action(instance, name)), flush=True)
    return 0
