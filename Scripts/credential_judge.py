#!/usr/bin/env python3
"""Makes and checks credentials with programs that share no code with Tongzhou: openvc-core, sd-jwt, openbadgeslib.

    Scripts/credential_judge.py < REQUEST

reads one JSON object and prints one. {"do": "check", ...} says what the others find in a presentation, a status list
and a badge of ours; {"do": "make", ...} has them make presentations and a status list for us to check.
"""

import base64
import json
import sys
import time

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwcrypto.jwk import JWK
from openbadgeslib.ob3.verifier import OB3Verifier
from openvc.keys import Ed25519SigningKey
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.status import token_status_list
from openvc.status.issue import build_status_list_token, verify_status_list_token
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier


class EdDSAVerifier(SDJWTVerifier):
    """sd-jwt takes ES256 for key binding unless it is told otherwise, and has no parameter for it."""

    def _verify_key_binding_jwt(self, audience, nonce, sign_alg=None):
        super()._verify_key_binding_jwt(audience, nonce, "EdDSA")


def outcome(work):
    """What a check returns, or the kind of its refusal."""
    try:
        return {"found": work()}
    except Exception as error:  # each library refuses in its own words
        return {"refused": f"{type(error).__name__}: {error}"[:200]}


def check(request):
    key, now = request["issuer_jwk"], int(time.time())
    shown, audience, nonce = request["presentation"], request["audience"], request["nonce"]

    def by_openvc():
        verified = SdJwtVcProofSuite().verify(
            shown, public_key_jwk=key, audience=audience, nonce=nonce, require_key_binding=True,
            expected_vct=request["vct"])
        status = token_status_list.check_token_status(
            verified.claims, resolve_status_list_token=lambda uri: verify_status_list_token(
                request["status_list"], public_key_jwk=key, expected_uri=uri, now=now))
        claims = {name: value for name, value in verified.claims.items() if name.startswith("love_index")}
        return {"claims": claims, "bound": verified.key_bound, "status": status.status}

    def by_sd_jwt():
        verifier = EdDSAVerifier(shown, lambda issuer, header: JWK(**key), audience, nonce)
        return {name: value for name, value in verifier.get_verified_payload().items()
                if name.startswith("love_index")}

    def by_openbadgeslib():
        raw = base64.urlsafe_b64decode(key["x"] + "=")
        pem = ed25519.Ed25519PublicKey.from_public_bytes(raw).public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        badge = OB3Verifier(pem).verify(request["badge"])
        return {"name": badge.achievement.name, "issuer": badge.issuer.id, "recipient": badge.recipient_id}

    return {"openvc": outcome(by_openvc), "sd_jwt": outcome(by_sd_jwt), "openbadgeslib": outcome(by_openbadgeslib)}


def make(request):
    issuer, holder, kid = request["issuer_jwk"], request["holder_jwk"], request["kid"]
    now, threshold = int(time.time()), request["threshold"]
    facts = {f"love_index_gte_{value}": request["index"] >= value for value in request["thresholds"]}
    wanted = f"love_index_gte_{threshold}"
    claims = {"iss": request["issuer"], "iat": now, "exp": now + 86400, "vct": request["vct"],
              "status": {"status_list": {"idx": request["place"], "uri": request["list"]}}}
    public = {name: holder[name] for name in ("kty", "crv", "x")}

    suite, key = SdJwtVcProofSuite(), Ed25519SigningKey.from_jwk(issuer, kid)
    whole = suite.issue({**claims, **facts}, signing_key=key, disclosable=list(facts), holder_jwk=public)
    token, *disclosures = whole.rstrip("~").split("~")

    def name(disclosure):
        return json.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))[1]

    one = token + "~" + next(text for text in disclosures if name(text) == wanted) + "~"
    by_openvc = suite.create_presentation(
        one, holder_key=Ed25519SigningKey.from_jwk(holder, "holder"), audience=request["audience"],
        nonce=request["nonce"])

    issued = SDJWTIssuer(
        {**claims, **{SDObj(name): value for name, value in facts.items()}}, JWK(**issuer), JWK(**public),
        sign_alg="EdDSA", extra_header_parameters={"typ": "dc+sd-jwt", "kid": kid})
    shower = SDJWTHolder(issued.sd_jwt_issuance)
    shower.create_presentation(
        {wanted: True}, request["nonce"], request["audience"], JWK(**holder), sign_alg="EdDSA")

    states = token_status_list.new_status_list(1024, bits=2)
    for place in request["invalid"]:
        token_status_list.set_status(states, place, token_status_list.STATUS_INVALID, bits=2)
    return {"openvc": by_openvc, "sd_jwt": shower.sd_jwt_presentation, "openvc_all": whole,
            "status_list": build_status_list_token(
                signing_key=key, uri=request["list"], status_list=bytes(states), bits=2, issued_at=now,
                expires=now + 3600, ttl=60)}


def main():
    request = json.load(sys.stdin)
    json.dump({"check": check, "make": make}[request["do"]](request), sys.stdout)


if __name__ == "__main__":
    main()
