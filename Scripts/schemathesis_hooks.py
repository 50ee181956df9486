"""What schemathesis cannot make up: addresses of a chain, which carry a checksum, names of its events, and what a giver
has to sign.

The test names some of the served chains: TONGZHOU_ADDRESSES, with spaces between, and TONGZHOU_EVENT. TONGZHOU_GIVER is
a giver whose love index reaches a partner's threshold, with her key. Which requests of hers the node took is written to
the file TONGZHOU_TAKEN, a line each.
"""

import base64
import hashlib
import json
import os
import time

import requests
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies

ADDRESSES = os.environ["TONGZHOU_ADDRESSES"].split()
GIVER = json.loads(os.environ["TONGZHOU_GIVER"])
HEARTS = "/v1/hearts/"

schemathesis.openapi.format("tongzhou-address", strategies.sampled_from(ADDRESSES))
schemathesis.openapi.format("tongzhou-event", strategies.just(os.environ["TONGZHOU_EVENT"]))


def public(key):
    return key.public_key().public_bytes_raw()


def signed(kind, message, now, **said):
    """A request with what it says and the giver's signature (docs/green-channel.md, "Signed requests")."""
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(GIVER["seed"]))
    who = bytes.fromhex(GIVER["chain"]) + bytes.fromhex(GIVER["party"])
    signature = key.sign(f"tongzhou/{kind}/v1".encode() + b"\0" + who + message)
    return {"chain": GIVER["chain"], "address": GIVER["address"], "key": public(key).hex(), "time": now,
            "signature": signature.hex(), **said}


def credentials(holder=None):
    holder, now = public(holder or Ed25519PrivateKey.generate()), int(time.time())
    message = GIVER["partner"].to_bytes(4, "big") + now.to_bytes(8, "big") + b"\1" + holder
    return signed("credential-request", message, now, partner=GIVER["partner"], keys=[holder.hex()])


def badge():
    holder, now = public(Ed25519PrivateKey.generate()), int(time.time())
    name = f"love-index-{GIVER['threshold']}"
    message = now.to_bytes(8, "big") + holder + bytes([len(name)]) + name.encode()
    return signed("badge-request", message, now, badge=name, holder=holder.hex())


def question():
    return {"partner": GIVER["partner"], "threshold": GIVER["threshold"]}


def presentation():
    """The answer to a question with a credential, both fetched for it."""
    holder = Ed25519PrivateKey.generate()
    token, *disclosures = post("credentials", credentials(holder))["credentials"][0].strip("~").split("~")
    asked = post("nonces", question())
    claim = f"love_index_gte_{GIVER['threshold']}"
    shown = "~".join([token, next(text for text in disclosures if json.loads(decoded(text))[1] == claim), ""])
    binding = {"aud": asked["audience"], "iat": int(time.time()), "nonce": asked["nonce"],
               "sd_hash": encoded(hashlib.sha256(shown.encode()).digest())}
    parts = [encoded(json.dumps(part).encode()) for part in ({"alg": "EdDSA", "typ": "kb+jwt"}, binding)]
    signature = holder.sign(".".join(parts).encode())
    return question() | {"presentation": shown + ".".join([*parts, encoded(signature)])}


def post(name, body):
    answer = requests.post(GIVER["node"] + HEARTS + name, json=body, timeout=20)
    answer.raise_for_status()
    return answer.json()


def encoded(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


MADE = {"credentials": credentials, "badges": badge, "nonces": question, "presentations": presentation}
# A giver has 60 credentials a day for a partner; so many of each kind of request are hers.
left = {name: 3 for name in MADE}


def green(case):
    """The name of a request that the giver makes; None for any other."""
    name = case.path.removeprefix(HEARTS)
    return name if case.method.upper() == "POST" and case.path.startswith(HEARTS) and name in MADE else None


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Puts what the giver asks in the place of the first good requests that were made up."""
    name = green(case)
    if name and left[name] and case.meta and case.meta.generation.mode.is_positive:
        left[name] -= 1
        case.body = MADE[name]()


@schemathesis.hook
def after_call(context, case, response):
    name = green(case)
    if name and response.status_code < 300:
        with open(os.environ["TONGZHOU_TAKEN"], "a", encoding="utf-8") as file:
            file.write(f"{name} {response.status_code}\n")
