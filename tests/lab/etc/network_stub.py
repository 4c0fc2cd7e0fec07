# SPDX-License-Identifier: Apache-2.0
"""The little that Nova asks of the network API for servers without a NIC: lists, all of them empty.

Without any network API such a server is built, but listing, showing and deleting it answer 500.
"""
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LISTS = {"ports", "networks", "subnets", "floatingips", "security-groups", "extensions", "routers", "quotas"}


class Stub(BaseHTTPRequestHandler):
    """Answers reads and refuses writes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Versions, extensions and empty lists."""
        words = [word for word in self.path.partition("?")[0].removesuffix(".json").split("/") if word]
        if not words:
            link = {"rel": "self", "href": f"http://{self.headers['Host']}/v2.0/"}
            self.answer(200, {"versions": [{"id": "v2.0", "status": "CURRENT", "links": [link]}]})
        elif words == ["v2.0"]:
            self.answer(200, {"resources": []})
        elif words[0] == "v2.0" and len(words) == 2 and words[1] in LISTS:
            self.answer(200, {words[1].replace("-", "_"): []})
        else:
            self.refuse(404, "NotFound")

    def do_POST(self):
        """Nothing can be written."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.refuse(403, "ReadOnly")

    do_PUT = do_DELETE = do_POST

    def refuse(self, status, kind):
        """An error in the network API's form."""
        self.answer(status, {"NeutronError": {"type": kind, "message": self.path, "detail": ""}})

    def answer(self, status, body):
        """Sends JSON."""
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Stub).serve_forever()
