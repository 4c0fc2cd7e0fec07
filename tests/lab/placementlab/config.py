# SPDX-License-Identifier: Apache-2.0
"""Turns the templates of ../etc into the files of one instance."""
from string import Template

from placementlab.layout import TEMPLATES
from placementlab.packages import from_apt, venv


def render(instance, template, target, **values):
    """Writes a template into the instance's folder, `$name` replaced by values."""
    text = fill(instance, template, **values)
    file = instance.path(target)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
    return file


def fill(instance, template, **values):
    """A template as text, to become a part of another."""
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(known(instance), **values)


def known(instance):
    """The values that every template may use."""
    services = ("keystone", "placement", "nova", "glance", "neutron", "mysql", "mysql-cell2", "memcached", "rabbit")
    ports = {service.replace("-", "_") + "_port": instance.port(service) for service in services}
    folders = {"lab": instance.root, "etc": instance.path("etc"), "log": instance.path("log"), "state": instance.path("state")}
    return {"password": instance.password(), **ports, **folders}


def database(instance, name, server="mysql"):
    """The URL of a database on one of the database servers."""
    return f"mysql+pymysql://lab:{instance.password()}@127.0.0.1:{instance.port(server)}/{name}?charset=utf8"


def python(instance):
    """The interpreter that has the instance's OpenStack."""
    return str(venv() / "bin/python") if instance.programs == "current" else "/usr/bin/python3"


def uwsgi(instance, service, processes, **env):
    """Writes the uwsgi configuration of a WSGI service; returns the command that serves it, with waitress where apt brings no uwsgi."""
    if not from_apt(instance):
        return waitress(instance, service, **env)
    lines = [f"env = {key}={value}" for key, value in env.items()]
    if instance.programs == "current":
        lines.append(f"venv = {venv()}")
    file = render(instance, "uwsgi.ini", f"etc/uwsgi/{service}.ini", port=instance.port(service),
                  processes=processes, wsgi=wsgi_file(instance, service), more="\n".join(lines))
    return ["uwsgi-core", "--ini", file]


def waitress(instance, service, **env):
    """Returns the command that serves a WSGI service of the release `current` with one thread."""
    settings = [f"{key}={value}" for key, value in env.items()]
    return ["/usr/bin/env", *settings, venv() / "bin/waitress-serve", "--threads=1", f"--listen=127.0.0.1:{instance.port(service)}",
            f"{service}.wsgi.api:application"]


# Zed has factories; from about 2025.1 on there are modules with a ready `application`.
WSGI = {
    ("zed", "placement"): "from placement.wsgi import init_application\napplication = init_application()\n",
    ("zed", "keystone"): "from keystone.server.wsgi import initialize_public_application\n"
                         "application = initialize_public_application()\n",
    ("zed", "glance"): "from glance.common.wsgi_app import init_app\napplication = init_app()\n",
    ("zed", "nova"): "from nova.api.openstack.compute.wsgi import init_application\napplication = init_application()\n",
    ("current", "placement"): "from placement.wsgi.api import application\n",
    ("current", "keystone"): "from keystone.wsgi.api import application\n",
    ("current", "glance"): "from glance.wsgi.api import application\n",
    ("current", "nova"): "from nova.wsgi.osapi_compute import application\n",
}


def wsgi_file(instance, service):
    """Writes the WSGI file of a service. Nova names its log after this file."""
    file = instance.path("etc/wsgi", service + "-api")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(WSGI[instance.programs, service], encoding="ascii")
    return file


def policy(instance, service):
    """Makes an empty policy file, which the service reads again whenever it changes: tests write into it."""
    file = instance.path("etc", service, "policy.yaml")
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.write_text("# no rules: those of the code hold\n", encoding="ascii")  # {} would be JSON, which upgrade checks refuse
    return file


def program(instance, name, module, file):
    """Writes a program of bin/: the Debian packages that hold the code alone have no console scripts."""
    render(instance, "program.py", "bin/" + name, python=python(instance), module=module, name=name, file=file).chmod(0o700)


SERVICE_TYPES = {"placement": "placement", "nova": "compute", "glance": "image"}


def authtoken(instance, user):
    """The section with which a service checks the tokens it gets; access rules hold where it names its type."""
    return f"""
[keystone_authtoken]
service_type = {SERVICE_TYPES[user]}
www_authenticate_uri = {instance.url("keystone")}
memcached_servers = 127.0.0.1:{instance.port("memcached")}
service_token_roles_required = true
{credentials(instance, user)}"""


def credentials(instance, user):
    """The lines with which a service gets a token of its own."""
    return f"""auth_type = password
auth_url = {instance.url("keystone")}
project_domain_id = default
user_domain_id = default
project_name = service
username = {user}
password = {instance.password()}
region_name = RegionOne
"""
