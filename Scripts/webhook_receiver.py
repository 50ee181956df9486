#!/usr/bin/env python3
"""Receives webhooks and checks them with programs that we did not write.

    Scripts/webhook_receiver.py PORT WHSEC WHPK OUT

listens on this machine. `/hook` answers 500 to the first two requests and 204 to the others, `/gone` answers 410,
`/moved` sends elsewhere, `/slow` never answers. Each request becomes a line of JSON in OUT: what it was, and whether
standardwebhooks (PyPI) takes its `v1` signature under WHSEC, and cryptography its `v1a` under WHPK.
"""

import base64
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

PORT, WHSEC, WHPK, OUT = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
KEY = Ed25519PublicKey.from_public_bytes(base64.b64decode(WHPK.removeprefix("whpk_")))
LOCK = threading.Lock()
SEEN = {"/hook": 0}


def symmetric(body, headers):
    try:
        Webhook(WHSEC).verify(body, headers)
        return True
    except WebhookVerificationError:
        return False


def asymmetric(body, headers):
    signed = f"{headers.get('webhook-id')}.{headers.get('webhook-timestamp')}.".encode() + body
    for part in headers.get("webhook-signature", "").split():
        version, _, signature = part.partition(",")
        if version == "v1a":
            try:
                KEY.verify(base64.b64decode(signature), signed)
                return True
            except InvalidSignature:
                pass
    return False


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with LOCK:
            status = {"/gone": 410, "/moved": 302, "/slow": 0}.get(self.path, 204)
            if self.path == "/hook":
                SEEN["/hook"] += 1
                status = 500 if SEEN["/hook"] <= 2 else 204
            told = json.loads(body)
            line = {
                "path": self.path, "status": status, "id": headers.get("webhook-id"), "bytes": len(body),
                "v1": symmetric(body, headers), "v1a": asymmetric(body, headers), "type": told["type"],
                "scope": told["data"].get("scope"), "plan": told["data"].get("plan"), "api": told["data"]["api"],
                "content_type": headers.get("content-type"), "host": headers.get("host"),
            }
            with open(OUT, "a", encoding="utf-8") as out:
                out.write(json.dumps(line) + "\n")
        if status == 0:
            time.sleep(3600)
        self.send_response(status)
        if status == 302:
            self.send_header("location", f"http://127.0.0.1:{PORT}/followed")
        self.send_header("content-length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *words):
        pass


ThreadingHTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()
