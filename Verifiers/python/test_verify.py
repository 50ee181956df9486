#!/usr/bin/env python3
"""The command, known files, and files changed in thousands of ways. With TONGZHOU_DEMO=DIR also over the files of a
demonstration in that folder.
"""
import contextlib
import gzip
import io
import json
import os
import pathlib
import random
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from checking import CHAIN, files, VerifyTests
from mutator import Mutator
import synthetic as s
import tongzhou_verify as v

VECTORS = pathlib.Path(__file__).parents[2] / "TestVectors"


class MutationTests(VerifyTests):
    CASES = int(os.environ.get("TONGZHOU_MUTATIONS", 800))

    def run_over(self, file, seed, verify):
        """Nothing mutated is accepted unless it proves the same, or less of the cases that may be opened."""
        mutator, others, accepted = Mutator(seed), {}, 0
        for place in mutator.places(file):
            value = file
            for step in place:
                value = value[step]
            others.setdefault(type(value), []).append(value)
        before = verify(json.dumps(file).encode())
        for number in range(self.CASES):
            mutated, place = mutator.mutated(file, others)
            try:
                found = verify(json.dumps(mutated).encode())
            except v.Refused as refusal:
                self.assertTrue(refusal.code.startswith("proof.") and refusal.why)
                continue
            accepted += mutated != file
            self.assertTrue(all(case in before["cases"] for case in found.get("cases", [])), (seed, number, place))
            if found["kind"] == "absence":  # another key between the same two records is as absent
                self.assertTrue(bytes([40]) * 32 < bytes.fromhex(found["key"]) < bytes([60]) * 32)
            for name in before.keys() - {"cases", "words", "key"}:
                self.assertEqual(found[name], before[name], (seed, number, place))
        self.assertLess(accepted, self.CASES / 5)

    def test_no_mutation_of_a_small_chain_is_accepted(self):
        for seed, (file, question) in enumerate(files().values()):
            self.run_over(file, seed, lambda data: CHAIN.verify(data, **question))

    def test_no_mutation_of_the_packed_bytes_is_accepted(self):
        dice, file = random.Random(7), CHAIN.receipt()
        packed = gzip.compress(json.dumps(file).encode(), mtime=0)
        before, accepted = CHAIN.verify(packed), 0
        for _ in range(self.CASES):
            data = Mutator(dice.random()).bytes(packed, packed[::-1])
            try:
                self.assertEqual(CHAIN.verify(data), before)
                accepted += 1
            except v.Refused as refusal:
                self.assertEqual(refusal.code, "proof.malformed")
        self.assertLess(accepted, self.CASES / 5)


class CommandTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for kind, (file, _) in files().items():
            (self.folder / kind).write_text(json.dumps(file))
        (self.folder / "policy").write_text(CHAIN.policy)

    def run_command(self, *arguments, start=True):
        out, err = io.StringIO(), io.StringIO()
        given = ["--chain", CHAIN.id, "--policy", str(self.folder / "policy")] if start else []
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = v.tongzhou_command.main(v.verify, v.Refused, v.FORMATS, [*arguments, *given])
            except SystemExit as ended:
                status = ended.code
        return status, out.getvalue(), err.getvalue()

    def test_verdicts_and_exits(self):
        file = str(self.folder / "receipt")
        status, out, _ = self.run_command(file)
        self.assertEqual(status, 0)
        self.assertIn("Entry 3 of the log", out)
        self.assertEqual(json.loads(self.run_command(file, "--json")[1])["verdict"], "valid")
        self.assertEqual(self.run_command(file, start=False)[0], 2)
        self.assertEqual(self.run_command(str(self.folder / "none"))[0], 2)
        self.assertEqual(self.run_command(str(self.folder / "state-proof"))[0], 2)
        asked = self.run_command(str(self.folder / "state-proof"), "--table", "nullifiers", "--ordinal", "2")
        self.assertEqual(asked[0], 0)
        status, out, _ = self.run_command(str(self.folder / "policy"), "--json")
        self.assertEqual((status, json.loads(out)["verdict"]), (1, "proof.malformed"))
        self.assertIn("balance", self.run_command(str(self.folder / "statement"))[1])

    def test_addresses_and_amounts(self):
        sender = bytes.fromhex("e4fceb96613ab93fd431f7de6c49a723ed9aeb70")
        self.assertEqual(v.address(sender), "tz1un7wh9np82unl4p37l0xcjd8y0ke46ms8csjx0")
        self.assertEqual([v.yuan(micro) for micro in (0, 60_000, -12_500_000, 4_321, 1_000_001)],
                         ["0.00", "0.06", "-12.50", "0.004321", "1.000001"])
        self.assertEqual(v.clock(s.TIME), "2027-01-15 08:00:00 UTC")
        self.assertEqual(v.clock(2**64 - 1), "9999-12-31 23:59:59 UTC")

    def test_memory(self):
        file, memory = str(self.folder / "receipt"), self.folder / "memory"
        self.assertEqual(self.run_command(file, "--memory", str(memory))[0], 0)
        seen = json.loads(memory.read_text())
        self.assertEqual(seen[CHAIN.id]["size"], 7)
        self.assertEqual(self.run_command(file, "--memory", str(memory))[0], 0)
        for change, status, word in (({"root": "0" * 64}, 1, "SPLIT_VIEW"), ({"origin": "x"}, 1, "SPLIT_VIEW"),
                                     ({"size": 8, "root": "0" * 64}, 0, "older"),
                                     ({"size": 6, "root": "0" * 64}, 0, "VALID")):
            memory.write_text(json.dumps({CHAIN.id: {**seen[CHAIN.id], **change}, "else": 1}))
            before = memory.read_text()
            found = self.run_command(file, "--memory", str(memory))
            self.assertEqual(found[0], status, found)
            self.assertIn(word, found[1])
            after = json.loads(memory.read_text())
            self.assertEqual(after, {CHAIN.id: seen[CHAIN.id], "else": 1} if word == "VALID" else json.loads(before))
        for text in ("", "[]", "{\"" + CHAIN.id + "\": 5}", "{\"" + CHAIN.id + "\": {}}"):
            memory.write_text(text)
            self.assertEqual(self.run_command(file, "--memory", str(memory))[0], 2, text)
            self.assertEqual(memory.read_text(), text)
        self.assertEqual({path.name for path in self.folder.iterdir()}, {*files(), "policy", "memory"})

    def test_vectors(self):
        listed = [{"file": kind, "kind": kind, "chain": CHAIN.id, "policy": "p", "verdict": "valid", "reason": "",
                   **question}
                  for kind, (_, question) in files().items()]
        listed.append({**listed[0], "chain": "0" * 64, "verdict": "proof.wrong_chain", "reason": "another chain"})
        for vectors, status in ((listed, 0), (listed + [{**listed[0], "verdict": "proof.malformed"}], 1), ([], 2)):
            (self.folder / "vectors.json").write_text(json.dumps({"policies": {"p": "policy"}, "vectors": vectors}))
            self.assertEqual(self.run_command("--vectors", str(self.folder), start=False)[0], status)


@unittest.skipUnless((VECTORS / "vectors.json").is_file(), "there is no TestVectors/vectors.json")
class VectorTests(unittest.TestCase):
    def test_verdicts_are_those_of_the_vectors(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            status = v.tongzhou_command.run_vectors(VECTORS, v.verify, v.Refused, v.FORMATS)
        self.assertEqual(status, 0, out.getvalue())


@unittest.skipUnless(os.environ.get("TONGZHOU_DEMO"), "TONGZHOU_DEMO names no folder of a demonstration")
class DemoTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(os.environ["TONGZHOU_DEMO"])
        self.policy = (self.folder / "log/aid/policy/0").read_text()
        names = ("receipt", "statement")
        self.files = {name: json.loads((self.folder / f"{name}.json").read_bytes()) for name in names}
        self.chain = self.files["receipt"]["chain"]

    def verify(self, data):
        return v.verify(data, self.chain, self.policy)

    def test_receipt_and_statement(self):
        receipt, statement = (self.verify(json.dumps(self.files[name]).encode()) for name in ("receipt", "statement"))
        self.assertGreater(receipt["index"], 0)
        self.assertGreater(len(statement["events"]), 1)

    def test_no_mutation_is_accepted(self):
        for seed, name in enumerate(self.files):
            MutationTests.run_over(self, self.files[name], 100 + seed, self.verify)

    CASES = MutationTests.CASES


if __name__ == "__main__":
    unittest.main()
