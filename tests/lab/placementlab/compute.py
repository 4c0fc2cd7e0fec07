# SPDX-License-Identifier: Apache-2.0
"""Nova's control plane: configuration, cells, API, conductors, scheduler."""
from placementlab import config, process
from placementlab.cloud import answers
from placementlab.layout import environment
from placementlab.steps import run

PROGRAMS = {"nova-manage": "nova.cmd.manage", "nova-status": "nova.cmd.status",
            "nova-scheduler": "nova.cmd.scheduler", "nova-conductor": "nova.cmd.conductor"}
DAEMONS = {  # program, configuration, the cell without which it does not start
    "nova-scheduler": ("nova-scheduler", "nova.conf", "cell1"),
    "nova-conductor": ("nova-conductor", "nova.conf", "cell1"),
    "nova-conductor-cell2": ("nova-conductor", "nova-cell2.conf", "cell2"),
}

COMPUTES_UPGRADED = "computes-upgraded"  # the mark of `Instance.once` that all computes have started after an upgrade


def configure(instance):
    """Writes the configurations and bin/; returns the command that serves the API.

    cell1 shares the message queue of the API, as in a cloud with one cell; cell2 has its own virtual host,
    conductor and database server.
    """
    control = {"api_database": config.database(instance, "nova_api"), "database": config.database(instance, "nova_cell1"),
               "authtoken": config.authtoken(instance, "nova"), "paste": instance.path("etc/nova-api/api-paste.ini"),
               "policy": config.policy(instance, "nova")}
    control = config.fill(instance, "nova-control.conf", **control)
    cell2 = config.fill(instance, "nova-cell.conf", database=config.database(instance, "nova_cell2", "mysql-cell2"))
    files = {"nova/nova.conf": ("/", "", control), "nova-api/nova.conf": ("/", "log_file = nova-api.log", control),
             "nova/nova-cell2.conf": ("/cell2", "", cell2),
             "nova/compute-cell1.conf": ("/", "", config.fill(instance, "nova-compute.conf")),
             "nova/compute-cell2.conf": ("/cell2", "", config.fill(instance, "nova-compute.conf"))}
    users = {user: config.credentials(instance, user) for user in ("placement", "neutron", "nova")}
    for file, (queue, log_file, more) in files.items():
        config.render(instance, "nova.conf", "etc/" + file, transport=transport(instance, queue),
                      log_file=log_file, more=more, skips_releases=skips_releases(instance), **users)
    config.render(instance, "nova-api-paste.ini", "etc/nova-api/api-paste.ini")
    for name, module in PROGRAMS.items():
        config.program(instance, name, module, "nova/nova.conf")
    return config.uwsgi(instance, "nova", 2, OS_NOVA_CONFIG_DIR=instance.path("etc/nova-api"))


def skips_releases(instance):
    """Tells whether Nova has to start beside computes that are more than one release older: until those have started too."""
    return "true" if instance.upgraded and not instance.path("done", COMPUTES_UPGRADED).exists() else "false"


def transport(instance, queue="/"):
    """The URL of a virtual host of RabbitMQ."""
    return f"rabbit://lab:{instance.password()}@127.0.0.1:{instance.port('rabbit')}/{queue.removeprefix('/')}"


def create_api_database(instance):
    """Creates the tables of the API database and maps the cells in it."""
    manage(instance, "api_db", "sync")
    manage(instance, "cell_v2", "map_cell0", "--database_connection", config.database(instance, "nova_cell0"))
    manage(instance, "cell_v2", "create_cell", "--name", "cell1", "--transport-url", transport(instance),
           "--database_connection", config.database(instance, "nova_cell1"))
    manage(instance, "cell_v2", "create_cell", "--name", "cell2", "--transport-url", transport(instance, "/cell2"),
           "--database_connection", config.database(instance, "nova_cell2", "mysql-cell2"))


def create_cell_database(instance, cell):
    """Creates the tables of one cell's database, or brings them to the form of a new release."""
    manage(instance, "--config-file", database_of(instance, cell), "db", "sync", "--local_cell")


def database_of(instance, cell):
    """A file of configuration that names a cell's database and nothing else."""
    server = "mysql-cell2" if cell == "cell2" else "mysql"
    only = instance.path("state", f"sync-{cell}.conf")
    only.touch(mode=0o600)
    only.write_text(f"[database]\nconnection = {config.database(instance, 'nova_' + cell, server)}\n", encoding="ascii")
    return only


def upgrade_database(instance):
    """Brings the tables to the form of a new release, those of the API first."""
    manage(instance, "api_db", "sync")
    for cell in ("cell0", "cell1", "cell2"):
        create_cell_database(instance, cell)


def migrate_rows(instance, cell):
    """Brings the rows of a cell to the form of a new release, which all of its services have to run already."""
    manage(instance, "--config-file", instance.path("etc/nova/nova.conf"), "--config-file", database_of(instance, cell),
           "db", "online_data_migrations")


def end_upgrade(instance):
    """Takes the exception for old computes back; conductors remember how old the oldest was until they are reloaded."""
    instance.path("done", COMPUTES_UPGRADED).touch()
    configure(instance)
    for name in ("nova-conductor", "nova-conductor-cell2"):
        process.reload(instance, name)


def manage(instance, *words):
    """Runs nova-manage. What it writes to stderr is noise about eventlet; its answers are on stdout."""
    return run([instance.path("bin/nova-manage"), *words], instance.log("manage"), environment())


def serve(instance, command):
    """Starts the API and waits until it answers."""
    process.start(instance, "nova-api", command, ports=["nova"])
    process.wait_until(instance, "nova-api", lambda: answers(instance, "nova"))


def start_daemons(instance, reachable):
    """Starts the conductors and the scheduler. They have no port; the computes' heartbeats tell that they work."""
    for name, (program, file, cell) in DAEMONS.items():
        if cell not in reachable:
            continue
        process.start(instance, name, [instance.path("bin", program), "--config-file", instance.path("etc/nova", file),
                                       "--log-file", instance.log(name)])
