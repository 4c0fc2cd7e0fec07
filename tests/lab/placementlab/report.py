# SPDX-License-Identifier: Apache-2.0
"""What `lab env` tells."""
from placementlab import config, placement, process, stores

SERVED = {"placement": ("placement",), "nova": ("keystone", "placement", "nova", "glance", "neutron")}
SUFFIX = {"keystone": "/v3", "nova": "/v2.1"}
PORTS = {"placement": ("placement",),
         "nova": ("keystone", "placement", "nova", "glance", "neutron", "mysql", "mysql-cell2", "memcached", "rabbit",
                  "rabbit-dist", "epmd")}


def describe(instance):
    """Endpoints, files and ports of an instance, whether it runs or not; never the password."""
    whole = instance.profile == "nova"
    return {
        "profile": instance.profile,
        "release": instance.programs,
        "upgraded_from": instance.release if instance.upgraded else None,
        "running": bool(process.pid_of(instance, "placement")),
        "root": str(instance.root),
        "clouds_file": str(instance.path("clouds.yaml")),
        "cloud": "lab",
        "openrc": str(instance.path("admin-openrc.sh")) if whole else None,
        "endpoints": {service: instance.url(service, SUFFIX.get(service, "")) for service in SERVED[instance.profile]},
        "ports": {service: instance.port(service) for service in PORTS[instance.profile]},
        "config_dir": str(instance.path("etc")),
        "log_dir": str(instance.path("log")),
        "logs": {file.stem: str(file) for file in sorted(instance.path("log").glob("*.log"))},
        "bin_dir": str(instance.path("bin")),
        "nova_manage": str(instance.path("bin/nova-manage")) if whole else None,
        "nova_status": str(instance.path("bin/nova-status")) if whole else None,
        "placement_status": str(instance.path("bin/placement-status")),
        "python": config.python(instance),
        "mysql_sockets": {server: str(stores.socket(instance, server)) for server in stores.SERVERS} if whole else {},
        "sqlite": None if whole else str(placement.sqlite_file(instance)),
        "seeds_file": str(instance.path("seeds.json")),
        "timings": str(instance.path("timings.log")),
    }
