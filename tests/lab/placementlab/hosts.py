# SPDX-License-Identifier: Apache-2.0
"""The hypervisor hosts: one nova-compute each, with Nova's fake driver.

Which hosts an instance has is kept in its hosts.json, since seeds add some and take them away again.
"""
import calendar
import configparser
import json
import shutil
import time

from placementlab import compute, config, process, stores
from placementlab.layout import HERE, environment
from placementlab.steps import LabError, wait_for

# cn5 has a child provider (cn5-child, with the class CUSTOM_MAGIC), cn6 is all of cell2.
MEDIUM = "fake.MediumFakeDriver"
INTERVAL = 3600
BASE = {
    **{name: {"cell": "cell1", "driver": MEDIUM} for name in ("cn1", "cn2", "cn3", "cn4")},
    "cn5": {"cell": "cell1", "driver": "fake.MediumFakeDriverWithNestedCustomResources"},
    "cn6": {"cell": "cell2", "driver": MEDIUM},
}


def load(instance):
    """The hosts that shall run: name -> cell, driver and what differs from the others (see `start`)."""
    file = instance.path("hosts.json")
    return json.loads(file.read_text(encoding="ascii")) if file.exists() else dict(BASE)


def save(instance, hosts):
    """Keeps which hosts shall run."""
    instance.path("hosts.json").write_text(json.dumps(hosts, indent=2) + "\n", encoding="ascii")


def start_all(instance, cloud, reachable):
    """Starts the hosts in the cells that are reachable and waits until Nova and Placement know them."""
    hosts = {name: host for name, host in load(instance).items() if host["cell"] in reachable}
    for name, host in hosts.items():
        start(instance, name, host)
    for name, host in hosts.items():
        wait_up(instance, cloud, name, host)
    for cell in reachable:
        instance.once("hosts-mapped-" + cell, map_hosts, cell)


def map_hosts(instance, cell):
    """Tells Nova's API which hosts are in a cell; until then it refuses to boot on them.

    One cell at a time, as discover_hosts fails altogether when the database of any cell that it looks at is down.

    [scheduler] discover_hosts_in_cells_interval would do it too, but whatever it says only once in 60 s.
    """
    (uuid,), = stores.sql(instance, f"SELECT uuid FROM nova_api.cell_mappings WHERE name = '{cell}'")
    compute.manage(instance, "cell_v2", "discover_hosts", "--cell_uuid", uuid)


def add(instance, cloud, name, **host):
    """Adds a host (or changes how one runs), starts it and waits until Nova and Placement know it."""
    host = {"cell": "cell1", "driver": MEDIUM, **host}
    save(instance, {**load(instance), name: host})
    start(instance, name, host)
    wait_up(instance, cloud, name, host)
    map_hosts(instance, host["cell"])


def retire(instance, cloud, name):
    """Ends a host for good: its nova-compute, what it had on its disk, and Nova's records of it.

    Nova deletes the providers of the host with them. (Without one of these the newest Nova answers 500
    `ValueError`, so a provider must not be deleted before.)
    """
    process.stop(instance, "nova-compute-" + name)
    forget(instance, name)
    overrides(instance, name).unlink(missing_ok=True)
    shutil.rmtree(instance.path("state/nova", name), ignore_errors=True)
    service = service_of(cloud, name)
    if service:  # unless somebody has deleted it
        cloud.compute("DELETE", f"/os-services/{service['id']}")


def kill(instance, _cloud, name):
    """Ends a host's nova-compute as a crash does. `up` does not start it again."""
    process.kill(instance, "nova-compute-" + name)
    forget(instance, name)


def restart(instance, _cloud, name, **more):
    """Starts the nova-compute of a host that was killed. It is not waited for: a fenced host counts as down."""
    host = {**BASE.get(name, {"cell": "cell1", "driver": MEDIUM}), **more}
    save(instance, {**load(instance), name: host})
    start(instance, name, host)


def overrides(instance, name):
    """The file of what a host's nova.conf says differently; its nova-compute reads it last."""
    return instance.path("etc/nova", f"host-{name}-set.conf")


def override(instance, name, options):
    """Keeps what a host's nova.conf says differently: (section, option, value); an empty value takes that back."""
    if not options:
        return
    file, kept = overrides(instance, name), configparser.RawConfigParser(default_section=None)
    kept.read(file, encoding="utf-8")
    for section, option, value in options:
        if not kept.has_section(section):
            kept.add_section(section)
        if value:
            kept.set(section, option, value)
        else:
            kept.remove_option(section, option)
    with open(file, "w", encoding="utf-8") as text:
        kept.write(text)


def forget(instance, name):
    """Takes a host off the list: `up` does not start it again."""
    save(instance, {key: host for key, host in load(instance).items() if key != name})


def start(instance, name, host):
    """Starts a host's nova-compute.

    A host may have a hypervisor hostname other than its name, and look at its provider at another interval (seconds). What
    `override` keeps stays in force.
    """
    folder, interval = instance.path("state/nova", name), host.get("interval", INTERVAL)
    folder.mkdir(parents=True, exist_ok=True)
    own = config.render(instance, "nova-host.conf", f"etc/nova/host-{name}.conf",
                        host=name, folder=folder, driver=host["driver"],
                        interval=interval, delay=min(60, interval))
    last = ["--config-file", overrides(instance, name)] if overrides(instance, name).exists() else []
    process.start(instance, "nova-compute-" + name, [
        config.python(instance), HERE / "etc/nova_compute.py",
        "--config-file", instance.path("etc/nova", f"compute-{host['cell']}.conf"), "--config-file", own, *last,
        "--log-file", instance.log("nova-compute-" + name),
    ], env=environment(LAB_HYPERVISOR=host.get("hypervisor", name)))


def wait_up(instance, cloud, name, host, since=None, tries=3):
    """Waits until a host can be used: it has its provider, and has beaten since it was started (or since a given time).

    A nova-compute whose first look at its provider fails, as on a conflict, fails all builds and moves to it until its next look, an
    INTERVAL later. It is started again, unless its looks are to fail (`looks` is false).
    """
    daemon, hypervisor = "nova-compute-" + name, host.get("hypervisor", name)
    started = process.pidfile(instance, daemon).stat().st_mtime
    process.wait_until(instance, daemon, lambda: beats(cloud, name, since or started) and hypervisor in cloud.providers())
    if host.get("looks", True) and fails(instance, daemon, since or started):
        if tries == 1:
            raise LabError(f"{daemon} can't look at its provider: {instance.log(daemon)}")
        process.stop(instance, daemon)
        start(instance, name, host)
        wait_up(instance, cloud, name, host, tries=tries - 1)


def fails(instance, daemon, since):
    """Tells whether a nova-compute has failed to look at its provider since a time."""
    begun = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(since))
    with open(instance.log(daemon), encoding="utf-8", errors="replace") as lines:
        return any("Error updating resources for node" in line and line >= begun for line in lines)


def beats(cloud, name, since):
    """Tells whether Nova has a heartbeat of a host from after a time."""
    service = service_of(cloud, name)
    if not service or service["state"] != "up":
        return False
    seen = service["updated_at"]  # null until the second heartbeat
    return not seen or calendar.timegm(time.strptime(seen[:19], "%Y-%m-%dT%H:%M:%S")) > int(since)


def wait_down(cloud, name):
    """Waits until Nova has noticed that a host is gone."""
    wait_for(f"end of host {name}", lambda: service_of(cloud, name)["state"] == "down")


def service_of(cloud, name):
    """Nova's record of a host's nova-compute, None when there is none."""
    services = cloud.compute("GET", f"/os-services?binary=nova-compute&host={name}")["services"]
    return services[0] if services else None
