# SPDX-License-Identifier: Apache-2.0
"""Keystone: its configuration, its database, its server."""
import grp
import os

from placementlab import config, process
from placementlab.cloud import answers
from placementlab.layout import environment, user_name
from placementlab.steps import run


def configure(instance):
    """Writes the configuration; returns the command that serves it."""
    config.render(instance, "keystone.conf", "etc/keystone/keystone.conf", connection=config.database(instance, "keystone"))
    return config.uwsgi(instance, "keystone", 2, OS_KEYSTONE_CONFIG_DIR=instance.path("etc/keystone"))


def create_database(instance):
    """Creates the tables, the keys and the administrator."""
    owner = ["--keystone-user", user_name(), "--keystone-group", grp.getgrgid(os.getgid()).gr_name]
    manage(instance, "db_sync")
    manage(instance, "fernet_setup", *owner)
    manage(instance, "credential_setup", *owner)
    bootstrap(instance)


def upgrade_database(instance):
    """Brings the tables to the form of a new release, and makes the roles that it has beyond; the keys stay."""
    manage(instance, "db_sync")
    bootstrap(instance)


def bootstrap(instance):
    """Makes what is missing of the administrator, the roles and Keystone's own endpoints."""
    url = instance.url("keystone")
    manage(instance, "bootstrap", "--bootstrap-region-id", "RegionOne", "--bootstrap-admin-url", url,
           "--bootstrap-internal-url", url, "--bootstrap-public-url", url)


def manage(instance, *words):
    """Runs keystone-manage; the password goes through the environment, where `ps` does not show it to others."""
    program = "import sys; from keystone.cmd.manage import main; sys.argv[0] = 'keystone-manage'; sys.exit(main())"
    run([config.python(instance), "-c", program, "--config-file", instance.path("etc/keystone/keystone.conf"), *words],
        instance.log("manage"), environment(OS_BOOTSTRAP_PASSWORD=instance.password()))


def serve(instance, command):
    """Starts the server and waits until it answers."""
    process.start(instance, "keystone", command, ports=["keystone"])
    process.wait_until(instance, "keystone", lambda: answers(instance, "keystone"))
