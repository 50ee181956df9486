#!/usr/bin/env python3
"""Lets a C2SP client that we did not write judge a log of ours.

    Scripts/independent_client.py LOG POLICY [STATE]

LOG is the address of a log (http://HOST/log/aid/) or a directory of its files, POLICY a tlog-policy file that is
trusted. Everything is checked by aics-tlog (PyPI): the checkpoint's log signature and quorum of cosignatures, every
tile and every entry bundle against its root, inclusion proofs of entries all over the log, and, with STATE, that the
log has only grown since the last time this was called with the same file.

Prints one JSON object and exits 0 when the client accepts; prints why not and exits 1 when it refuses.
"""

import json
import sys
from pathlib import Path

from aics_tlog import (
    HttpTileReader, VerifiedTileReader, WitnessPolicy, audit_tiles, consistency_proof_from_tiles,
    inclusion_proof_from_tiles, parse_note, parse_vkey, verify_checkpoint, verify_consistency, verify_leaf_inclusion)
from aics_tlog.remote import tile_source_url


def read_policy(path):
    """Log keys and witness policy of a tlog-policy file with one group as its quorum."""
    logs, witnesses, groups, quorum = [], {}, {}, None
    for line in Path(path).read_text().splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log":
            logs.append(parse_vkey(words[1]))
        elif words[0] == "witness":
            witnesses[words[1]] = parse_vkey(words[2])
        elif words[0] == "group":
            groups[words[1]] = (int(words[2]), words[3:])
        elif words[0] == "quorum":
            quorum = words[1]
    threshold, members = groups[quorum]
    return logs, WitnessPolicy(quorum=threshold, witnesses=tuple(witnesses[name] for name in members))


def accept_checkpoint(note, logs, witnesses):
    """What was signed, if one of the log's keys and a quorum of witnesses stand for it."""
    results = [verify_checkpoint(note, key, policy=witnesses, expected_origin=key.name) for key in logs]
    accepted = [result for result in results if result.ok]
    # To each of these calls the log's other keys are unknown; a bad line by any of them is a bad line.
    broken = [result for result in results if result.error and "failed verification" in result.error]
    if broken or not accepted:
        raise ValueError("; ".join(sorted({str(result.error) for result in results if result.error})))
    return accepted[0]


def main(log, policy, state=None):
    logs, witnesses = read_policy(policy)
    reader = HttpTileReader(tile_source_url(log), proxies={})
    head = accept_checkpoint(parse_note(reader.read_checkpoint()), logs, witnesses)
    report = audit_tiles(reader, head.size, head.root)
    tiles = VerifiedTileReader(reader, head.size, head.root)
    places = sorted({0, head.size // 3, head.size // 2, head.size - 1})
    for index in places:
        proof = inclusion_proof_from_tiles(tiles, index, head.size)
        if not verify_leaf_inclusion(tiles.entry(index), index, head.size, proof, head.root):
            raise ValueError(f"entry {index} is not in the log")
    if state and Path(state).exists():
        known = json.loads(Path(state).read_text())
        old, root = known["size"], bytes.fromhex(known["root"])
        proof = consistency_proof_from_tiles(tiles, old, head.size)
        if not verify_consistency(old, head.size, root, head.root, proof):
            raise ValueError(f"the log of {head.size} entries does not go on from the one of {old}")
    if state:
        Path(state).write_text(json.dumps({"size": head.size, "root": head.root.hex()}))
    print(json.dumps({
        "size": head.size, "root": head.root.hex(), "witnesses": sorted(head.witnesses), "tiles": report.tiles,
        "bundles": report.bundles, "proven": places}))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (ValueError, OSError, KeyError) as error:
        print(f"refused: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)
