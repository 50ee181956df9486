#!/usr/bin/env python3
"""Opens a sealed document by docs/vault.md alone, with the Python package cryptography.

    Scripts/vault_reader.py SEALED SEED

SEED is a file with the 64 hexadecimal digits of a reader's signing key, in its last word. Prints the document's id,
type, commitment and text as JSON. It shares no code with the program and so shows whether the page says enough.
"""

import hashlib
import json
import struct
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

CHUNK = 65_536


def tag(purpose):
    return b"tongzhou/" + purpose + b"/v1\0"


def extract(salt, material):
    mac = HMAC(salt or bytes(32), hashes.SHA256())
    mac.update(material)
    return mac.finalize()


def expand(key, info, length):
    return HKDFExpand(hashes.SHA256(), length, info).derive(key)


def hpke_open(private, encapsulated, info, aad, ciphertext):
    """RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; one message."""
    def labeled_extract(suite, salt, label, material):
        return extract(salt, b"HPKE-v1" + suite + label + material)

    def labeled_expand(suite, key, label, info, length):
        return expand(key, struct.pack(">H", length) + b"HPKE-v1" + suite + label + info, length)

    kem = b"KEM" + struct.pack(">H", 0x0020)
    shared = private.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    context = encapsulated + private.public_key().public_bytes_raw()
    secret = labeled_expand(kem, labeled_extract(kem, b"", b"eae_prk", shared), b"shared_secret", context, 32)
    suite = b"HPKE" + struct.pack(">HHH", 0x0020, 0x0001, 0x0002)
    schedule = b"\0" + labeled_extract(suite, b"", b"psk_id_hash", b"") + labeled_extract(suite, b"", b"info_hash", info)
    secret = labeled_extract(suite, secret, b"secret", b"")
    key = labeled_expand(suite, secret, b"key", schedule, 32)
    nonce = labeled_expand(suite, secret, b"base_nonce", schedule, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, aad)


def main():
    sealed = Path(sys.argv[1]).read_bytes()
    seed = bytes.fromhex(Path(sys.argv[2]).read_text().split()[-1])
    private = X25519PrivateKey.from_private_bytes(
        HKDF(hashes.SHA256(), 32, None, tag(b"vault-reader")).derive(seed))
    public = private.public_key().public_bytes_raw()

    magic, version, document, content_hash, count = struct.unpack_from(">4sB16s32sH", sealed)
    assert (magic, version) == (b"TZVK", 1)
    end = 55 + 164 * count
    assert hashlib.sha256(sealed[:end]).digest() == sealed[end:end + 32]
    content = sealed[end + 32:]
    assert hashlib.sha256(content).digest() == content_hash
    magic, version, kind, name, length, commitment = struct.unpack_from(">4sBB16sQ32s", content)
    assert (magic, version, name) == (b"TZVD", 1, document)
    header = content[:62]

    wrapped = [sealed[55 + 164 * number:55 + 164 * (number + 1)] for number in range(count)]
    mine = next(key for key in wrapped if key[20:52] == public)
    info = tag(b"vault-key") + document + mine[:20] + public
    secret = hpke_open(private, mine[52:84], info, header, mine[84:])
    cipher, salt = AESGCM(secret[:32]), secret[32:]

    chunks = (length + CHUNK - 1) // CHUNK
    text = b""
    for number in range(chunks):
        last = bytes([number == chunks - 1])
        chunk = content[62 + number * (CHUNK + 16):62 + (number + 1) * (CHUNK + 16)]
        place = struct.pack(">I", number) + last
        text += cipher.decrypt(bytes(7) + place, chunk, tag(b"vault-chunk") + header + place)
    assert len(text) == length
    assert hashlib.sha256(tag(b"commitment") + salt + text).digest() == commitment
    print(json.dumps({
        "document": document.hex(), "type": kind, "commitment": commitment.hex(),
        "sha256": hashlib.sha256(text).hexdigest()}))


if __name__ == "__main__":
    main()
