# SPDX-License-Identifier: Apache-2.0
"""What the services keep their data in: MariaDB, memcached, RabbitMQ."""
import base64
import hashlib
import json
import secrets
import shutil

from placementlab import config, process
from placementlab.layout import environment, user_name
from placementlab.steps import LabError, run

# The second server holds nothing but the database of cell2, so that this one cell can really go down.
SERVERS = {
    "mysql": ("keystone", "placement", "glance", "nova_api", "nova_cell0", "nova_cell1"),
    "mysql-cell2": ("nova_cell2",),
}


def start_mysql(instance, server):
    """Starts one of the two MariaDB servers, with its databases made."""
    folder = instance.path("state", server)
    data = folder / "data"
    instance.once(server + "-files", install, server)
    process.start(instance, server, [
        "mariadbd", "--no-defaults", f"--user={user_name()}", f"--datadir={data}", f"--tmpdir={folder}/tmp",
        f"--socket={socket(instance, server)}",
        f"--pid-file={folder}/mysqld.pid", "--bind-address=127.0.0.1", f"--port={instance.port(server)}",
        "--max-connections=1000", "--character-set-server=utf8mb3", "--innodb-flush-log-at-trx-commit=2",
        "--innodb-buffer-pool-size=128M", "--innodb-log-file-size=32M", "--skip-name-resolve", "--skip-log-bin",
        "--event-scheduler=ON",  # the heartbeats of the hosts of `lab bulk`
    ], ports=[server])
    process.wait_until(instance, server, lambda: alive(instance, server))
    instance.once(server + "-databases", create_databases, server)


def install(instance, server):
    """Makes the data folder of a server anew.

    Each has a folder of its own for temporary files: a mariadbd that starts removes what it finds there, also the
    tables of another one that is just being installed.
    """
    folder = instance.path("state", server)
    shutil.rmtree(folder, ignore_errors=True)
    instance.path("done", server + "-databases").unlink(missing_ok=True)
    (folder / "tmp").mkdir(parents=True)
    run(["mariadb-install-db", "--no-defaults", f"--user={user_name()}", f"--datadir={folder}/data", f"--tmpdir={folder}/tmp",
         "--auth-root-authentication-method=normal", "--skip-test-db"], instance.log(server + "-install"), environment())


def create_databases(instance, server):
    """Makes the databases of a server and the user `lab` that may use them."""
    for name in SERVERS[server]:
        sql(instance, f"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb3;"
                      f"GRANT ALL ON {name}.* TO 'lab'@'127.0.0.1' IDENTIFIED BY '{instance.password()}';", server)


def socket(instance, server):
    """The socket of a database server; its root needs no password there."""
    return instance.path("state", server, "mysql.sock")


def sql(instance, statements, server="mysql"):
    """Runs SQL as the server's root; returns the rows as lists of strings."""
    text = run(["mariadb", "--no-defaults", "-uroot", "-S", socket(instance, server), "--batch", "--skip-column-names"],
               instance.log("sql"), environment(), stdin=statements)
    return [line.split("\t") for line in text.splitlines()]


def alive(instance, server):
    """Tells whether a database server answers. (mariadb-client-core has no mariadb-admin.)"""
    try:
        return bool(sql(instance, "SELECT 1", server))
    except LabError:
        return False


def start_memcached(instance):
    """Starts memcached; without -u it would refuse to run as root."""
    process.start(instance, "memcached", ["memcached", "-u", user_name(), "-l", "127.0.0.1", "-p", instance.port("memcached"),
                                          "-U", "0", "-m", "64", "-c", "2048"], ports=["memcached"])
    process.wait_until(instance, "memcached", lambda: process.listens(instance, "memcached"))


def start_rabbit(instance):
    """Starts epmd and RabbitMQ; each cell has a virtual host, made by the definitions file.

    Started by its own script, as the wrapper in /usr/sbin would change to the user rabbitmq. Everything that it
    would look for in /etc and /var is said in its environment (rabbitmq-server(8)).
    """
    folder = instance.path("state/rabbit")
    (folder / "log").mkdir(parents=True, exist_ok=True)
    definitions = folder / "definitions.json"
    if not definitions.exists():
        definitions.write_text(json.dumps(rabbit_definitions(instance.password())), encoding="ascii")
    (folder / "enabled_plugins").write_text("[].\n", encoding="ascii")
    config.render(instance, "rabbitmq.conf", "etc/rabbit/rabbitmq.conf", definitions=definitions)
    process.start(instance, "epmd", ["epmd", "-port", instance.port("epmd"), "-address", "127.0.0.1"], ports=["epmd"])
    process.wait_until(instance, "epmd", lambda: process.listens(instance, "epmd"))
    process.start(instance, "rabbit", ["/usr/lib/rabbitmq/bin/rabbitmq-server"], ports=["rabbit", "rabbit-dist"], env=environment(
        HOME=folder, RABBITMQ_NODENAME=f"lab-{instance.name}@localhost", RABBITMQ_MNESIA_BASE=folder / "mnesia",
        RABBITMQ_LOG_BASE=folder / "log", RABBITMQ_CONFIG_FILE=instance.path("etc/rabbit/rabbitmq"),
        RABBITMQ_ENABLED_PLUGINS_FILE=folder / "enabled_plugins", RABBITMQ_PID_FILE=folder / "beam.pid",
        RABBITMQ_DIST_PORT=instance.port("rabbit-dist"), RABBITMQ_CONF_ENV_FILE="/dev/null",
        ERL_EPMD_PORT=instance.port("epmd"), ERL_EPMD_ADDRESS="127.0.0.1",
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"))
    process.wait_until(instance, "rabbit", lambda: process.listens(instance, "rabbit"))


def rabbit_definitions(password):
    """User, virtual hosts and permissions, in the form `rabbitmqctl export_definitions` gives."""
    salt = secrets.token_bytes(4)
    digest = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    hosts = ("/", "cell2")
    user = {"name": "lab", "password_hash": digest, "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": []}
    return {
        "users": [user],
        "vhosts": [{"name": host} for host in hosts],
        "permissions": [{"user": "lab", "vhost": host, "configure": ".*", "write": ".*", "read": ".*"} for host in hosts],
    }
