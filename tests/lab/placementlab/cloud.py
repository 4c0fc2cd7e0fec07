# SPDX-License-Identifier: Apache-2.0
"""Requests to the services of one instance, with the standard library alone."""
import json
import time
import urllib.error
import urllib.request

from placementlab.steps import PATIENCE, LabError

# Read and write allocations at one microversion that keeps a consumer's type: from 1.38 on the type has to be sent,
# and `unknown`, which is what Nova's own consumers read as, is refused.
PLACEMENT = "1.36"
# Servers without a NIC need 2.37, a named host 2.74; before 2.95 an evacuated server is started on its new host.
COMPUTE = "2.90"


class Refused(LabError):
    """An answer with a status that the caller did not ask for."""

    def __init__(self, method, url, status, text):
        super().__init__(f"{method} {url}: {status} {text}")
        self.status = status
        self.text = text


class Cloud:
    """A client for the services of one instance."""

    def __init__(self, instance):
        self.instance = instance
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.token = "admin" if instance.profile == "placement" else None
        self.project_id = self.user_id = "00000000-0000-0000-0000-0000000000ad" if instance.profile == "placement" else None

    def placement(self, method, path, body=None, version=PLACEMENT):
        """A request to Placement; returns the decoded answer."""
        return self.call(method, "placement", path, body, {"OpenStack-API-Version": f"placement {version}"})

    def compute(self, method, path, body=None, version=COMPUTE):
        """A request to Nova."""
        return self.call(method, "nova", "/v2.1" + path, body, {"OpenStack-API-Version": f"compute {version}"})

    def identity(self, method, path, body=None):
        """A request to Keystone."""
        return self.call(method, "keystone", "/v3" + path, body)

    def image(self, method, path, body=None):
        """A request to Glance; bytes are sent as the content of an image."""
        return self.call(method, "glance", "/v2" + path, body)

    def call(self, method, service, path, body=None, headers=None):
        """A request with a token; a token that has become invalid is replaced once."""
        if not self.token:
            self.authenticate()
        try:
            return self.send(method, service, path, body, headers)[0]
        except Refused as refused:
            if refused.status != 401 or self.instance.profile == "placement":
                raise
            self.authenticate()
            return self.send(method, service, path, body, headers)[0]

    def send(self, method, service, path, body=None, headers=None):
        """One request; returns the decoded answer and its headers."""
        url = self.instance.url(service, path)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        request = urllib.request.Request(url, data, {"Content-Type": kind, **(headers or {})}, method=method)
        if self.token:
            request.add_header("X-Auth-Token", self.token)
        try:
            with self.opener.open(request, timeout=120) as answer:
                text = answer.read()
                return (json.loads(text) if text else None), answer.headers
        except urllib.error.HTTPError as error:
            raise Refused(method, url, error.code, error.read().decode(errors="replace")) from None
        except OSError as error:
            raise LabError(f"{method} {url}: {error}") from None

    def authenticate(self):
        """Gets a token of the administrator."""
        self.token = None
        domain = {"id": "default"}
        user = {"name": "admin", "domain": domain, "password": self.instance.password()}
        answer, headers = self.send("POST", "keystone", "/v3/auth/tokens", {"auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"name": "admin", "domain": domain}}}})
        self.token = headers["X-Subject-Token"]
        self.project_id = answer["token"]["project"]["id"]
        self.user_id = answer["token"]["user"]["id"]

    def providers(self):
        """All resource providers by name."""
        found = self.placement("GET", "/resource_providers")["resource_providers"]
        return {provider["name"]: provider for provider in found}

    def allocations(self, consumer):
        """What a consumer holds, as Placement tells it."""
        return self.placement("GET", f"/allocations/{consumer}")

    def allocate(self, consumer, allocations, version=PLACEMENT, generation=None):
        """Writes the allocations of a consumer; a consumer that is new has the generation None."""
        if not self.token:
            self.authenticate()
        body = {"allocations": {uuid: {"resources": resources} for uuid, resources in allocations.items()},
                "project_id": self.project_id, "user_id": self.user_id, "consumer_generation": generation}
        self.placement("PUT", f"/allocations/{consumer}", body, version)

    def release(self, consumer):
        """Empties a consumer; Placement then forgets it. Does nothing when it holds nothing."""
        held = self.allocations(consumer)
        if held["allocations"]:
            self.placement("PUT", f"/allocations/{consumer}", {
                "allocations": {}, "project_id": held["project_id"], "user_id": held["user_id"],
                "consumer_generation": held["consumer_generation"]})


def answers(instance, service):
    """Tells whether a service answers HTTP at all, with whatever status."""
    cloud = Cloud(instance)
    cloud.token = "none"
    try:
        cloud.send("GET", service, "/")
    except Refused:
        return True
    except LabError:
        return False
    return True


def eventually(action, statuses=(400, 404, 409, 500, 503)):
    """Repeats an action that a service refuses until it has caught up with what it was just told."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return action()
        except Refused as refused:
            if refused.status not in statuses or time.monotonic() > end:
                raise
        time.sleep(1)
