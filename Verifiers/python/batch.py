#!/usr/bin/env python3
"""Judges many files at once, for tests that compare verifiers:

    batch.py BATCH

BATCH is a JSON object: `files`, each with `bytes` in base64, what is pinned (`chain`, `policy`) and what is asked
(`table`, `ordinal`, `key`); and `cases`, each the number of a `file` and a range of its bytes, from `start` to `end`, in
whose place `new` stands. Prints a JSON list with a verdict for each case: the code of the refusal; `valid` where the
case says what the file said, or less of what need not be there; else `valid, but of another meaning`. Of a file that is
`signed` anew for each case nobody knows beforehand what a case says, so it is `valid` in any case.
"""
import base64
import functools
import json
import sys

import tongzhou_verify as v

OTHER, NO_POLICY = "valid, but of another meaning", "no policy"


def judge(data, file):
    """The verdict, what the bytes say, and what they say besides."""
    try:
        v.read_policy(file["policy"])
    except ValueError:
        return NO_POLICY, None, set()
    try:
        found = v.verify(data, file["chain"], file["policy"], None, file.get("table"), file.get("ordinal"))
        if found["kind"] == "absence" and (found["table"], found["key"]) != (file.get("table"), file.get("key")):
            return "proof.not_included", None, set()
    except v.Refused as refusal:
        return refusal.code, None, set()
    except ValueError:  # a state proof, where no question was asked: it is about something else
        return "proof.not_included", None, set()
    return "valid", {name: found[name] for name in found.keys() - {"checkpoint", "words", "cases"}}, set(found["words"])


def main(path):
    with open(path, encoding="utf-8") as stream:
        batch = json.load(stream)
    # The same lines are signed in thousands of cases.
    v.is_signed = functools.lru_cache(100_000)(v.is_signed)
    files = batch["files"]
    contents = [base64.b64decode(file["bytes"]) for file in files]
    originals = [judge(content, file) for content, file in zip(contents, files)]
    verdicts = []
    for case in batch["cases"]:
        number = case["file"]
        content, (was, said, besides) = contents[number], originals[number]
        data = content[:case["start"]] + base64.b64decode(case["new"]) + content[case["end"]:]
        verdict, says, more = judge(data, files[number])
        if not files[number]["signed"] and verdict == was == "valid" and (says != said or not more <= besides):
            verdict = OTHER
        verdicts.append(verdict)
    print(json.dumps(verdicts))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    main(sys.argv[1])
