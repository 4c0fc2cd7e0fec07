#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ask openstacksdk what it makes of cases.yaml, and write openstacksdk.json.

    pip install openstacksdk && ./oracle.py

Each case runs in a process of its own, because openstacksdk reads HOME and the working directory when it is imported.
"""
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import yaml

HERE = pathlib.Path(__file__).parent


def endpoints(kind):
    return [
        {"id": "e", "region": region, "region_id": region, "interface": interface,
         "url": "http://%s.%s.%s.example/%s" % (kind, interface, region.lower(), kind)}
        for region in ("RegionOne", "RegionTwo") for interface in ("public", "internal", "admin")
    ]


class Keystone(http.server.BaseHTTPRequestHandler):
    asked = []

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        url = "http://%s/v3/" % self.headers["Host"]
        one = {"id": "v3.14", "status": "stable", "links": [{"rel": "self", "href": url}]}
        if self.path.startswith("/v3"):
            return self.answer(200, {"version": one})
        return self.answer(300, {"versions": {"values": [one]}})

    def do_POST(self):
        self.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        token = {"expires_at": "2100-01-01T00:00:00.000000Z", "issued_at": "2026-01-01T00:00:00.000000Z",
                 "methods": ["password"], "user": {"id": "u", "name": "u", "domain": {"id": "d", "name": "d"}},
                 "project": {"id": "p", "name": "p", "domain": {"id": "d", "name": "d"}},
                 "catalog": [{"type": "placement", "name": "placement", "id": "1", "endpoints": endpoints("placement")}]}
        self.answer(201, {"token": token}, [("X-Subject-Token", "issued")])


def ask(case):
    import openstack.config
    options = dict(case.get("options") or {})
    cloud = options.pop("cloud", None)
    if isinstance(cloud, dict):
        options, cloud = cloud, None
    region = openstack.config.OpenStackConfig().get_one(cloud, **options)
    verify, cert = region.get_requests_verify_args()
    adapter = region.get_session_client("placement")
    session = region.get_session()
    headers = session.get_auth_headers() or {}
    return {
        "endpoint": adapter.get_endpoint() or adapter.endpoint_override,
        "verify": verify if isinstance(verify, bool) else os.path.basename(verify),
        "cert": [os.path.basename(c) for c in cert] if cert else None,
        "timeout": float(region.config["api_timeout"]) if region.config.get("api_timeout") else None,
        "headers": {k: v for k, v in headers.items() if k in ("X-Auth-Token", "Authorization")},
    }


def one(case):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keystone)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    keystone = "http://127.0.0.1:%d" % server.server_port
    with tempfile.TemporaryDirectory() as root:
        case = json.loads(json.dumps(case).replace("KEYSTONE", keystone).replace("ROOT", root))
        for name in ("cwd", "home"):
            os.makedirs(os.path.join(root, name))
        for name, text in (case.get("files") or {}).items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for key in [k for k in os.environ if k.startswith(("OS_", "XDG_"))]:
            del os.environ[key]
        os.environ.update(case.get("env") or {}, HOME=os.path.join(root, "home"))
        os.chdir(os.path.join(root, "cwd"))
        try:
            result = ask(case)
        except Exception as e:  # what it refuses is part of the answer
            result = {"error": type(e).__name__}
        os.chdir("/")
    result["asked"] = Keystone.asked[-1:] and Keystone.asked[-1]["auth"] or None
    return result


def main():
    cases = yaml.safe_load((HERE / "cases.yaml").read_text())
    if len(sys.argv) > 1:
        print(json.dumps(one(cases[int(sys.argv[1])])))
        return
    golden = {}
    for i, case in enumerate(cases):
        out = subprocess.run([sys.executable, "-W", "ignore", __file__, str(i)], check=True, capture_output=True, text=True).stdout
        golden[case["name"]] = json.loads(out)
    (HERE / "openstacksdk.json").write_text(json.dumps(golden, indent=1, sort_keys=True) + "\n")


main()
