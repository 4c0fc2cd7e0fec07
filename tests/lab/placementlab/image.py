# SPDX-License-Identifier: Apache-2.0
"""Glance: its configuration, its database, its server."""
from placementlab import config, process
from placementlab.cloud import answers
from placementlab.layout import environment
from placementlab.steps import run


def configure(instance):
    """Writes the configuration; returns the command that serves it."""
    for folder in ("images", "staging", "tasks"):
        instance.path("state/glance", folder).mkdir(parents=True, exist_ok=True)
    config.render(instance, "glance-api.conf", "etc/glance/glance-api.conf", connection=config.database(instance, "glance"),
                  authtoken=config.authtoken(instance, "glance"))
    config.render(instance, "glance-api-paste.ini", "etc/glance/glance-api-paste.ini")
    return config.uwsgi(instance, "glance", 1, OS_GLANCE_CONFIG_DIR=instance.path("etc/glance"))


def create_database(instance):
    """Creates the tables, or brings them to the form of a new release."""
    program = "import sys; from glance.cmd.manage import main; sys.argv[0] = 'glance-manage'; sys.exit(main())"
    run([config.python(instance), "-c", program, "--config-file", instance.path("etc/glance/glance-api.conf"), "db_sync"],
        instance.log("manage"), environment())


upgrade_database = create_database


def serve(instance, command):
    """Starts the server and waits until it answers."""
    process.start(instance, "glance", command, ports=["glance"])
    process.wait_until(instance, "glance", lambda: answers(instance, "glance"))
