# SPDX-License-Identifier: Apache-2.0
"""Placement: its configuration, its database, its server."""
from placementlab import config, process
from placementlab.cloud import answers
from placementlab.layout import environment
from placementlab.steps import run

PROGRAMS = {"placement-manage": "placement.cmd.manage", "placement-status": "placement.cmd.status"}


def configure_alone(instance):
    """Placement for itself: SQLite, no Keystone. Returns the command that serves it.

    One worker, since SQLite refuses concurrent writers: with four, 41 of 100 inventory writes answered
    500 `database is locked`.
    """
    config.render(instance, "placement.conf", "etc/placement/placement.conf", auth_strategy="noauth2", authtoken="",
                  connection=f"sqlite:///{sqlite_file(instance)}")
    config.render(instance, "clouds-placement.yaml", "clouds.yaml")
    return serve_command(instance, 1)


def configure(instance, workers=4):
    """Placement with Keystone and MariaDB. Returns the command that serves it."""
    config.render(instance, "placement.conf", "etc/placement/placement.conf", auth_strategy="keystone",
                  authtoken=config.authtoken(instance, "placement"), connection=config.database(instance, "placement"))
    return serve_command(instance, workers)


def serve_command(instance, workers):
    """Writes bin/ and a policy; returns the uwsgi command."""
    config.policy(instance, "placement")
    for name, module in PROGRAMS.items():
        config.program(instance, name, module, "placement/placement.conf")
    return config.uwsgi(instance, "placement", workers, OS_PLACEMENT_CONFIG_DIR=instance.path("etc/placement"))


def sqlite_file(instance):
    """The database of the profile `placement`."""
    return instance.path("state/placement.sqlite")


def create_database(instance):
    """Creates the tables."""
    manage(instance, "db", "sync")


def upgrade_database(instance):
    """Brings tables and rows to the form of a new release."""
    manage(instance, "db", "sync")
    manage(instance, "db", "online_data_migrations")


def manage(instance, *words):
    """Runs placement-manage."""
    run([instance.path("bin/placement-manage"), *words], instance.log("manage"), environment())


def serve(instance, command):
    """Starts the server and waits until it answers."""
    process.start(instance, "placement", command, ports=["placement"])
    process.wait_until(instance, "placement", lambda: answers(instance, "placement"))
