# SPDX-License-Identifier: Apache-2.0
"""What a cloud needs beside its services: users and endpoints, flavors, an image, servers."""
from placementlab.cloud import eventually
from placementlab.steps import LabError, wait_for

SERVICES = (("placement", "placement", "placement", ""), ("nova", "compute", "nova", "/v2.1"),
            ("glance", "image", "glance", ""), ("neutron", "network", "neutron", ""))
FLAVORS = {"m1.tiny": (1, 512, 1), "m1.small": (1, 2048, 20), "m1.medium": (2, 4096, 40)}  # VCPU, MB, GB


def catalog(instance, cloud):
    """Makes the service users and the identity catalogue."""
    project = ensure(cloud, "project", "service", domain_id="default")
    roles = [ensure(cloud, "role", name) for name in ("admin", "service")]
    for user, kind, service, path in SERVICES:
        user_id = ensure(cloud, "user", user, domain_id="default", password=instance.password(), default_project_id=project)
        for role in roles:
            cloud.identity("PUT", f"/projects/{project}/users/{user_id}/roles/{role}")
        service_id = ensure(cloud, "service", user, type=kind)
        have = {endpoint["interface"] for endpoint in cloud.identity("GET", f"/endpoints?service_id={service_id}")["endpoints"]}
        for interface in {"public", "internal", "admin"} - have:
            cloud.identity("POST", "/endpoints", {"endpoint": {
                "service_id": service_id, "interface": interface, "url": instance.url(service, path), "region_id": "RegionOne"}})


def ensure(cloud, kind, name, **attributes):
    """The id of an identity object, made if there is none of that name."""
    for found in cloud.identity("GET", f"/{kind}s?name={name}")[kind + "s"]:
        return found["id"]
    return cloud.identity("POST", f"/{kind}s", {kind: {"name": name, **attributes}})[kind]["id"]


def flavors_and_image(cloud):
    """Makes the flavors and a tiny image."""
    have = {flavor["name"] for flavor in cloud.compute("GET", "/flavors")["flavors"]}
    for number, (name, (vcpus, ram, disk)) in enumerate(FLAVORS.items(), start=1):
        if name not in have:
            flavor = {"name": name, "vcpus": vcpus, "ram": ram, "disk": disk, "id": str(number)}
            cloud.compute("POST", "/flavors", {"flavor": flavor})
    images = cloud.image("GET", "/images?name=lab")["images"]
    if not images:
        images = [cloud.image("POST", "/images", {
            "name": "lab", "disk_format": "raw", "container_format": "bare", "visibility": "public"})]
    if images[0]["status"] == "queued":
        cloud.image("PUT", f"/images/{images[0]['id']}/file", bytes(512))


def servers(cloud, wanted):
    """Boots the servers that are missing, name -> host, and waits until all are ACTIVE.

    Servers of a cell that is down are listed without a name.
    """
    have = {server.get("name") for server in cloud.compute("GET", "/servers/detail?all_tenants=1")["servers"]}
    for name, host in wanted.items():
        if name not in have:
            request_server(cloud, name, host, "m1.small")
    for name in wanted:
        wait_active(cloud, name)


def boot(cloud, name, host, flavor="m1.small"):
    """Boots one server on a host, through the scheduler and Placement, and returns its UUID."""
    request_server(cloud, name, host, flavor)
    return wait_active(cloud, name)


def request_server(cloud, name, host, flavor):
    """Asks for a server. A new host is unknown (400) until the scheduler has mapped it to its cell."""
    image = cloud.image("GET", "/images?name=lab")["images"][0]["id"]
    number = str(list(FLAVORS).index(flavor) + 1)
    body = {"server": {"name": name, "imageRef": image, "flavorRef": number, "networks": "none", "host": host}}
    eventually(lambda: cloud.compute("POST", "/servers", body), statuses=(400,))


def wait_active(cloud, name):
    """Waits until a server is ACTIVE and returns its UUID."""
    def active():
        server = find_server(cloud, name)
        if server and server["status"] == "ERROR":
            fault = cloud.compute("GET", f"/servers/{server['id']}")["server"].get("fault", {})
            raise LabError(f"server {name} is in ERROR: {fault.get('message')}")
        return server["id"] if server and server["status"] == "ACTIVE" and not server["OS-EXT-STS:task_state"] else None
    return wait_for(f"server {name}", active)


def find_server(cloud, name):
    """A server by its name, None when there is none."""
    found = cloud.compute("GET", f"/servers/detail?all_tenants=1&name=^{name}$")["servers"]
    return found[0] if found else None


def delete_server(cloud, name):
    """Deletes a server, if there is one of that name, and waits until it is gone."""
    server = find_server(cloud, name)
    if server:
        cloud.compute("DELETE", f"/servers/{server['id']}")
        wait_for(f"end of server {name}", lambda: not find_server(cloud, name))
