# SPDX-License-Identifier: Apache-2.0
"""What `up` and `down` do, step by step."""
import shutil
import time

from placementlab import accounts, compute, config, faults, hosts, identity, image, packages, placement, process, stores
from placementlab.cloud import Cloud
from placementlab.layout import HERE
from placementlab.steps import Steps

STORES = ("rabbit", "epmd", "memcached", "mysql-cell2", "mysql")  # ended last, in this order
SERVICES = {"keystone": identity, "placement": placement, "glance": image, "nova": compute}


def up(instance):
    """Brings an instance up; on a running one verifies it and starts what has died."""
    begin = time.monotonic()
    instance.make_folders()
    steps = Steps(instance.path("timings.log"))
    steps.note(f"== up {instance.name}, state in {instance.root}")
    steps.run("packages", packages.install, instance)
    {"placement": up_placement, "nova": up_nova}[instance.profile](instance, steps)
    steps.note(f"== {instance.name} is up after {time.monotonic() - begin:.1f} s; "
               f"OS_CLIENT_CONFIG_FILE={instance.path('clouds.yaml')} OS_CLOUD=lab")


def up_placement(instance, steps):
    """Placement alone."""
    command = placement.configure_alone(instance)
    steps.run("placement database", instance.once, "placement-database", placement.create_database)
    if instance.upgraded:
        steps.run("upgrade placement database", instance.once, "upgraded-placement-database", placement.upgrade_database)
    steps.run("placement", placement.serve, instance, command)
    steps.run("check: Placement answers", Cloud(instance).providers)


def up_nova(instance, steps):
    """The whole control plane, each layer once the one below it answers."""
    cloud = Cloud(instance)
    commands = {service: module.configure(instance) for service, module in SERVICES.items()}
    config.render(instance, "clouds-nova.yaml", "clouds.yaml")
    config.render(instance, "admin-openrc.sh", "admin-openrc.sh")
    reachable = start_stores(instance, steps)
    create_databases(instance, steps)
    if instance.upgraded:
        upgrade_databases(instance, steps)
    steps.run("keystone", identity.serve, instance, commands["keystone"])
    steps.together(("catalog, nova scheduler, conductors", start_behind_catalog, instance, cloud, reachable),
                   ("placement", placement.serve, instance, commands["placement"]),
                   ("glance", image.serve, instance, commands["glance"]),
                   ("nova-api", compute.serve, instance, commands["nova"]))
    steps.run("nova computes", hosts.start_all, instance, cloud, reachable)
    if instance.upgraded:
        end_upgrade(instance, steps, reachable)
    steps.run("flavors, image", accounts.flavors_and_image, cloud)
    steps.run("servers", accounts.servers, cloud, {
        "s" + name.removeprefix("cn"): name for name, host in hosts.BASE.items() if host["cell"] in reachable})


def start_behind_catalog(instance, cloud, reachable):
    """Makes the catalogue, then starts what reads it once: the newest scheduler never looks again for a service it did not find."""
    instance.once("catalog", accounts.catalog, cloud)
    compute.start_daemons(instance, reachable)


def start_stores(instance, steps):
    """Starts what keeps data; returns the cells whose database runs. A seeded `cell-down` stays down."""
    reachable = ["cell1"]
    starts = [("mariadb", stores.start_mysql, instance, "mysql"), ("memcached", stores.start_memcached, instance),
              ("rabbitmq", stores.start_rabbit, instance), ("network stub", start_network, instance)]
    if faults.seeded(instance, "cell-down"):
        steps.note("the database of cell2 stays down: `lab unseed cell-down` starts it")
    else:
        reachable.append("cell2")
        starts.append(("mariadb of cell2", stores.start_mysql, instance, "mysql-cell2"))
    steps.together(*starts)
    return reachable


def create_databases(instance, steps):
    """Creates the tables that do not exist yet."""
    jobs = [("keystone database", identity.create_database), ("nova API database", compute.create_api_database),
            ("placement database", placement.create_database), ("glance database", image.create_database)]
    todo = [(name, instance.once, name.replace(" ", "-"), job) for name, job in jobs]
    todo += [(f"nova {cell} database", instance.once, f"nova-{cell}-database", compute.create_cell_database, cell)
             for cell in ("cell0", "cell1", "cell2")]
    steps.together(*todo)


def upgrade_databases(instance, steps):
    """Brings the databases to the form of the release that an instance was upgraded to, unless that is done."""
    steps.together(*[(f"upgrade {service} database", instance.once, f"upgraded-{service}-database", module.upgrade_database)
                     for service, module in SERVICES.items()])


def end_upgrade(instance, steps, reachable):
    """What is left to do of an upgrade once all computes run the new release.

    One cell after the other: some migrations go through all cells, whichever is named, and end in a deadlock of the
    database when two do so at once.
    """
    instance.once(compute.COMPUTES_UPGRADED, compute.end_upgrade)
    for cell in reachable:
        steps.run(f"rows of {cell}", instance.once, f"upgraded-rows-{cell}", compute.migrate_rows, cell)


def start_network(instance):
    """Starts the stand-in for the network API."""
    command = ["/usr/bin/python3", HERE / "etc/network_stub.py", instance.port("neutron")]
    process.start(instance, "neutron-stub", command, ports=["neutron"])
    process.wait_until(instance, "neutron-stub", lambda: process.listens(instance, "neutron"))


def down(instance, wipe=False):
    """Ends what `up` and the seeds started, services first, then what they depend on."""
    steps = Steps(instance.path("timings.log"))
    names = process.daemons(instance)
    services = [name for name in names if name not in STORES]
    if services:
        steps.together(*[(f"end {name}", process.stop, instance, name) for name in services])
    for name in STORES:
        if name in names:
            steps.run(f"end {name}", process.stop, instance, name)
    if wipe:
        shutil.rmtree(instance.root)
