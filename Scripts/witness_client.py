#!/usr/bin/env python3
"""Lets a log that we did not write have itself cosigned by a node of ours.

    Scripts/witness_client.py PREFIX VKEY ORIGIN SEED STATE

PREFIX is the node's submission prefix (http://HOST/witness), VKEY what it publishes, ORIGIN the name of the log that it
was told to witness, SEED the log's Ed25519 seed in hexadecimal, STATE a folder. Log, client and verifier are those of
aics-tlog and aics-witness (PyPI). The log grows, asks again, loses its memory, goes back, forks, and is taken for
another; what the node makes of each is printed as one JSON object.

With `grow` in front it only adds a checkpoint, after the node was started anew; with `watch URL LOGKEY VKEY` it looks
at a cosigned checkpoint as anybody can.
"""

import hashlib
import json
import sys
import urllib.request
from pathlib import Path

from aics_tlog import (
    Checkpoint, MerkleTree, WitnessPolicy, parse_note, parse_vkey, sign_checkpoint, verify_checkpoint)
from aics_witness.feeder import WitnessAhead, WitnessClient, WitnessRejected, merge_cosignatures
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIZES = (1, 2, 300, 70_000)


class Log:
    """A log of aics-tlog that signs whatever size it is asked for."""

    def __init__(self, origin, seed, salt="leaf"):
        self.origin = origin
        self.key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
        self.tree = MerkleTree(f"{salt} {i}".encode() for i in range(SIZES[-1] + 100))

    def signed(self, size):
        checkpoint = Checkpoint(origin=self.origin, size=size, root=self.tree.root(size))
        return sign_checkpoint(checkpoint, self.key, self.origin).to_bytes()

    def submit(self, client, size):
        """The checkpoint with the node's line, which the client has verified."""
        return merge_cosignatures(self.signed(size), client.submit(self.signed(size), self.tree.consistency_proof))


def fetch(url):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=20) as answer:
        return answer.read()


def accepted(note, origin, log_keys, vkey):
    """Size and cosigners of a checkpoint, as aics-tlog verifies it; with the reason where it refuses."""
    policy = WitnessPolicy(quorum=1, witnesses=(parse_vkey(vkey),), max_age_seconds=600)
    results = [
        verify_checkpoint(parse_note(note), parse_vkey(key), policy=policy, expected_origin=origin) for key in log_keys]
    found = [result for result in results if result.ok]
    return {"size": found[0].size, "witnesses": list(found[0].witnesses)} if found else {"error": str(results[0].error)}


def refusal(submit):
    try:
        submit()
    except WitnessRejected as error:
        return error.status
    except WitnessAhead as error:
        return f"ahead {error.known_size}"
    return 200


def main(prefix, vkey, origin, seed, state, grows=False):
    state = Path(state)
    remembering = dict(state_path=state / "client.json", max_attempts=2)
    log = Log(origin, seed)
    with WitnessClient(prefix, vkey, **remembering) as client:
        if grows:
            note = log.submit(client, SIZES[-1] + 100)
        else:
            for size in SIZES:
                note = log.submit(client, size)
            again = log.submit(client, SIZES[-1])
    log_key = (state / "log.vkey").read_text().strip()
    answers = {"own": accepted(note, origin, [log_key], vkey)}
    watched = fetch(f"{prefix}/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint")
    answers["watched"] = accepted(watched, origin, [log_key], vkey)
    if not grows:
        answers["again"] = accepted(again, origin, [log_key], vkey)
        fork, other = Log(origin, seed, salt="fork"), Log("example.com/unknown", seed)
        thief = Log(origin, "07" * 32)

        def ask(log, size):
            with WitnessClient(prefix, vkey, max_attempts=2) as client:
                return refusal(lambda: log.submit(client, size))

        answers["forgetful"] = ask(log, SIZES[-1])
        answers["back"] = ask(log, 300)
        answers["fork"] = ask(fork, SIZES[-1])
        answers["grown fork"] = ask(fork, SIZES[-1] + 1)
        answers["unknown"] = ask(other, 5)
        answers["thief"] = ask(thief, SIZES[-1])
    print(json.dumps(answers))


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["watch"] and len(words) == 4:
        note = fetch(words[1])
        origin = note.split(b"\n", 1)[0].decode()
        print(json.dumps(accepted(note, origin, words[2].split(","), words[3])))
    elif words[:1] == ["grow"] and len(words) == 6:
        main(*words[1:], grows=True)
    elif len(words) == 5:
        main(*words)
    else:
        sys.exit(__doc__)
