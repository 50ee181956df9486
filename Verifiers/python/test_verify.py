#!/usr/bin/env python3
"""Tests of tongzhou_verify. With TONGZHOU_DEMO=DIR also over the files of a demonstration in that folder."""
import base64
import contextlib
import copy
import gzip
import hashlib
import io
import json
import os
import pathlib
import random
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import synthetic as s
import tongzhou_verify as v

DOCS = pathlib.Path(__file__).parents[2] / "docs"
CHAIN, SHOWN, CASES = s.example()
ASKED = {"table": "nullifiers", "ordinal": 2}


def files():
    """One file of each kind that holds, with the question that a state proof answers."""
    return {"receipt": (CHAIN.receipt(), {}), "statement": (CHAIN.statement(SHOWN, CASES), {}),
            "state-proof": (CHAIN.state_proof(**{"name": "nullifiers", "ordinal": 2}), ASKED),
            "absence": (CHAIN.absence("nullifiers", bytes([50]) * 32, [1, 3]), {})}


class VerifyTests(unittest.TestCase):
    def refused(self, code, file, chain=CHAIN, **question):
        with self.assertRaises(v.Refused) as caught:
            chain.verify(file, **question)
        self.assertEqual(caught.exception.code, "proof." + code, caught.exception.why)

    def changed(self, kind, *steps, to):
        """A file of a kind with one member changed."""
        file = copy.deepcopy(files()[kind][0])
        at = file
        for step in steps[:-1]:
            at = at[step]
        at[steps[-1]] = to
        return file


class FileTests(VerifyTests):
    def test_each_kind_holds_plain_and_compressed(self):
        for kind, (file, question) in files().items():
            plain = CHAIN.verify(file, **question)
            self.assertEqual(plain["kind"], kind)
            self.assertEqual(CHAIN.verify(gzip.compress(json.dumps(file).encode()), **question), plain)
            self.assertEqual(CHAIN.verify({**file, "else": [1.5, -1, {"x": None}]}, **question), plain)
            self.assertEqual(CHAIN.verify(file, kind=kind, **question), plain)
            other = next(name for name in files() if name != kind)
            self.refused("malformed", file, kind=other, **question)

    def test_what_is_no_such_file(self):
        file = json.dumps(CHAIN.receipt()).encode()
        packed = gzip.compress(file)
        for data in (b"", b"null", b"[]", b'"x"', b"\xef\xbb\xbf" + file, file + b"x", file[:-1], b"[" * 100_000,
                     file.replace(b'"index": 3', b'"index": 3.0'), file.replace(b'"index": 3', b'"index": 3e0'),
                     file.replace(b'"index": 3', b'"index": -0'), file.replace(b'"index": 3', b'"index": true'),
                     file.replace(b'"index": 3', b'"index": "3"'), file.replace(b'"index": 3', b'"index": 03'),
                     file.replace(b'"index": 3', b'"index": 9007199254740992'),
                     file.replace(b'"index": 3', b'"index": ' + b"9" * 5000),
                     file.replace(b'"index": 3', b'"index": 3, "index": 3'), file.replace(b'"index": 3', b'"i": NaN'),
                     file.replace(b'"index": 3', b'"indes": 3'), file.replace(b"receipt/v1", b"receipt/v2"),
                     file.replace(b'"checkpoint": "', b'"checkpoint": "\\ud800'), file.replace(b'"path": [', b'"path": [1,'),
                     packed[:-1], packed + b"\0", packed + packed, b"\x1f\x8bxxxx", packed[:40] + b"x" + packed[41:]):
            self.refused("malformed", data)

    def test_base64_is_canonical(self):
        for text in ("AA", "AA=", "AB==", "AA==\n", "A A=", "____", "AAAA=", "=AAA", "é"):
            self.refused("malformed", self.changed("receipt", "entry", to=text))
        self.assertEqual(v.unbase64("++//"), b"\xfb\xef\xff")

    def test_limits(self):
        self.refused("malformed", json.dumps(CHAIN.receipt()).encode() + b" " * 2_000_000)
        self.refused("malformed", gzip.compress(b" " * 70_000_000, 1))
        self.refused("malformed", self.changed("receipt", "path", to=[s.b64(bytes(32))] * 64))
        self.refused("not_included", self.changed("receipt", "path", to=[s.b64(bytes(32))] * 63))
        self.refused("malformed", self.changed("receipt", "path", to=[s.b64(bytes(31))]))

    def test_what_the_verifier_starts_from(self):
        receipt = json.dumps(CHAIN.receipt()).encode()
        other = "0" * 64
        self.refused("wrong_chain", self.changed("receipt", "chain", to=other))
        with self.assertRaises(v.Refused) as caught:  # the file names the pinned chain, the block another one
            v.verify(receipt.replace(CHAIN.id.encode(), other.encode()), other, CHAIN.policy)
        self.assertEqual(caught.exception.code, "proof.wrong_chain")
        self.refused("malformed", self.changed("receipt", "chain", to=CHAIN.id.upper()))
        for chain, policy in ((CHAIN.id[1:], CHAIN.policy), (CHAIN.id, ""), ("", CHAIN.policy)):
            with self.assertRaises(ValueError):
                v.verify(receipt, chain, policy)
        for question in ({}, {"table": "nullifiers"}, {"table": "nonsense", "ordinal": 1}):
            with self.assertRaises(ValueError):
                CHAIN.verify(files()["state-proof"][0], **question)


class TreeTests(unittest.TestCase):
    # The tree of eight leaves that implementations of RFC 6962 share.
    LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                               "606162636465666768696a6b6c6d6e6f")]
    ROOTS = {1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
             7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
             8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}

    def test_published_roots(self):
        self.assertEqual(v.tree_root([]), v.sha256(b""))
        for size, root in self.ROOTS.items():
            self.assertEqual(v.tree_root(self.LEAVES[:size]).hex(), root)

    def test_paths_lead_to_the_root_and_no_others_do(self):
        for size in range(1, 20):
            leaves = [v.leaf(bytes([number])) for number in range(size)]
            root = s.range_root(leaves, 0, size)
            for index in range(size):
                path = s.path_of(leaves, index)
                self.assertEqual(v.root_by_path(leaves[index], index, size, path), root)
                for wrong in ((index, size, path + [root]), (index, size, path[:-1]), (index + size, size, path),
                              (index ^ 1, size, path)):
                    self.assertTrue(size == 1 and wrong[2] == [] and wrong[0] == 0
                                    or v.root_by_path(leaves[index], *wrong) != root, (size, index, wrong[:2]))
        self.assertIsNone(v.root_by_path(root, 0, 0, []))
        self.assertIsNone(v.root_by_path(root, 2**53, 2**62, [root] * 10))

    def test_several_records_in_every_choice(self):
        for count in range(0, 8):
            records = [bytes([number]) * 40 for number in range(count)]
            leaves = [v.leaf(record) for record in records]
            table = v.SimpleNamespace(name="nullifiers", count=count, root=v.tree_root(records))
            for choice in range(2**count):
                ordinals = [at for at in range(count) if choice >> at & 1]
                entries = [v.SimpleNamespace(ordinal=at, record=records[at]) for at in ordinals]
                hashes = s.gaps(leaves, ordinals)
                self.assertEqual(v.check_several(entries, hashes, table), [records[at] for at in ordinals])
                for wrong in ((entries, hashes + [bytes(32)]), (entries, hashes[:-1]), (entries[1:], hashes),
                              (entries[::-1], hashes), (entries[:1] + entries, hashes)):
                    if wrong != (entries, hashes):
                        with self.assertRaises(v.Refused, msg=(count, ordinals, wrong)):
                            v.check_several(*wrong, table)

    def test_a_table_without_end_costs_nothing(self):
        table = v.SimpleNamespace(name="nullifiers", count=2**53 - 1, root=bytes(32))
        entries = [v.SimpleNamespace(ordinal=at * 2**40, record=bytes(40)) for at in range(2000)]
        with self.assertRaises(v.Refused):
            v.check_several(entries, [bytes(32)] * 80_000, table)


class Ed25519Tests(unittest.TestCase):
    def signature(self, r, seed=b"\1" * 32, above=0):
        """A signature with a chosen R of small order, which a verifier that multiplies by 8, or compares points in
        place of bytes, takes for good in more forms than one."""
        half = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
        secret = half & (2**254 - 8) | 2**254
        public = s.public(s.key(seed[0]))
        challenge = int.from_bytes(hashlib.sha512(r + public + b"m").digest(), "little")
        return public, r + (challenge * secret % v.L + above).to_bytes(32, "little")

    def test_forms_of_r_and_s(self):
        one, one_again = (1).to_bytes(32, "little"), (v.P + 1).to_bytes(32, "little")
        signed_zero = bytes(one[:31]) + b"\x80"
        self.assertTrue(v.is_signed(*self.signature(one), b"m"))
        self.assertFalse(v.is_signed(*self.signature(one), b"n"))
        self.assertFalse(v.is_signed(*self.signature(one, above=v.L), b"m"))
        self.assertFalse(v.is_signed(*self.signature(one_again), b"m"))
        self.assertFalse(v.is_signed(*self.signature(signed_zero), b"m"))
        self.assertFalse(v.is_signed(*self.signature((v.P - 1).to_bytes(32, "little")), b"m"))  # holds with cofactor only

    def test_keys(self):
        points = [0, 1, v.P - 1, v.ORDER_8, v.P - v.ORDER_8, v.P, v.P + 1, v.P + 18, 2**255 - 1]
        for y in points:
            for sign in (0, 2**255):
                key = (y + sign).to_bytes(32, "little")
                self.assertFalse(v.is_key(key))
                self.assertFalse(v.is_signed(key, b"\1" + bytes(63), b"m"))
        self.assertFalse(v.is_key(bytes(31)))
        self.assertTrue(v.is_key(s.public(s.key(1))))
        no_point = (2).to_bytes(32, "little")
        self.assertFalse(v.is_signed(no_point, b"\1" + bytes(63), b"m"))


class CheckpointTests(VerifyTests):
    def test_published_note(self):
        vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
        note = ("This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg"
                "1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n")
        self.assertEqual(len(v.signers(*v.read_note(note), [v.read_key(vkey)])), 1)

    def test_published_cosigned_checkpoint(self):
        origin = "arche2025h1.staging.ct.transparency.dev"
        note = (f"{origin}\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n— {origin} "
                "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
                "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU"
                "/zZ0WBxtqB0DrAWfBw==\n")
        policy = v.read_policy(f"log {origin}+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f\nwitness w "
                               "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2\nquorum w\n")
        self.assertEqual(v.check_checkpoint(note, policy)["size"], 1432088532)

    def note(self, **signing):
        body = CHAIN.checkpoint.split("\n\n")[0] + "\n"
        return CHAIN.sign(body, **signing)

    def test_quorum(self):
        good = self.changed("receipt", "seal", "checkpoint", to=self.note(cosigners=(1, 2, 3)))
        CHAIN.verify(good)
        stranger = s.Chain(CHAIN.tables)
        stranger.cosigners = [s.key(number) for number in range(31, 35)]
        line = stranger.checkpoint.split("\n")[-2] + "\n"
        CHAIN.verify(self.changed("receipt", "seal", "checkpoint", to=self.note() + line.replace("org2", "org9")))
        lines = self.note().split("\n")
        for note in (self.note(cosigners=(0, 1)), self.note(cosigners=(0, 1, 1)), self.note(cosigners=(0, 1, 1, 2)),
                     self.note(time=2**63), "\n".join(lines[:4] + lines[6:]), self.note().replace("\n7\n", "\n8\n"),
                     self.note().replace(s.ORIGIN, "another/log"), self.note() + "\n", self.note()[:-1], "",
                     self.note().replace("— ", "- "), self.note().replace("\n7\n", "\n07\n"),
                     self.note().replace("\n", "\r\n"), CHAIN.sign(f"{s.ORIGIN}\n7\n"),
                     CHAIN.sign(f"another/log\n7\n{s.b64(bytes(32))}\n"), CHAIN.sign(f"{s.ORIGIN}\n0\n{s.b64(bytes(32))}\n"),
                     self.note(cosigners=(0, 1, 2, 3)).replace(lines[-2][-8:], lines[-3][-8:])):
            self.refused("no_quorum", self.changed("receipt", "seal", "checkpoint", to=note))

    def test_extension_lines_are_signed_too(self):
        body = CHAIN.checkpoint.split("\n\n")[0] + "\nmore\n"
        CHAIN.verify(self.changed("receipt", "seal", "checkpoint", to=CHAIN.sign(body)))
        unsigned = CHAIN.sign(body).replace("more", "less")
        self.refused("no_quorum", self.changed("receipt", "seal", "checkpoint", to=unsigned))

    def test_policies_that_do_not_read(self):
        lines = CHAIN.policy.split("\n")
        small = s.vkey("org9", 4, bytes([1]) + bytes(31))
        for text in (CHAIN.policy.replace("quorum 3", "quorum 5"), CHAIN.policy.replace("quorum 3", "quorum 0"),
                     CHAIN.policy + "quorum quorum\n", CHAIN.policy + lines[0], CHAIN.policy + "nonsense x\n",
                     CHAIN.policy.replace("quorum quorum", "quorum other"), CHAIN.policy + f"witness org9 {small}\n",
                     CHAIN.policy.replace("org3\n", "org2\n"), CHAIN.policy.replace(" org3\n", " org9\n"),
                     lines[2].replace("witness org0", "log") + "\n" + "\n".join(lines[3:]),
                     CHAIN.policy + lines[2].replace("witness org0", "witness again") + "\n",
                     CHAIN.policy.replace("+", "-"), "\n".join(lines[:-2])):
            with self.assertRaises(ValueError, msg=text):
                v.read_policy(text)
        v.read_policy("# a comment\n\n" + CHAIN.policy.replace("quorum 3", "quorum all"))


class SealTests(VerifyTests):
    def test_seal_and_header(self):
        seal = CHAIN.seal_proof()
        for member, to, code in (("index", 3, "not_included"), ("index", 7, "not_included"),
                                 ("seal", s.b64(CHAIN.seal[:-1]), "malformed"), ("seal", s.b64(b"\2" + CHAIN.seal[1:]), "malformed"),
                                 ("seal", s.b64(CHAIN.seal[:-1] + b"\1"), "not_included"), ("path", seal["path"][1:], "not_included"),
                                 ("header", s.b64(b"\2" + CHAIN.header[1:]), "malformed"), ("header", "", "malformed"),
                                 ("header", s.b64(CHAIN.header + s.field(9, b"")), "not_included"),
                                 ("header", s.b64(CHAIN.header[:-1]), "malformed")):
            self.refused(code, self.changed("receipt", "seal", member, to=to))

    def test_messages(self):
        varied = b"\x08\x01" b"\x11" + bytes(8) + b"\x1d" + bytes(4) + b"\x23\x08\x05\x24" b"\x08\x82\x00" b"\x12\x01x"
        fields = v.message(varied, "malformed")
        self.assertEqual((v.last_number(fields, 1), v.last(fields, 2)), (2, b"x"))
        self.assertEqual(v.last_number(v.message(b"\x08" + b"\xff" * 9 + b"\x01", "malformed"), 1, bits=32), 2**32 - 1)
        self.assertEqual(v.last_number(v.message(b"\x0a\x01a", "malformed"), 1), 0)
        for bad in (b"\x08", b"\x08\xff", b"\x00\x00", b"\x0e", b"\x12\x02x", b"\x24", b"\x23\x08\x05", b"\x23\x2c",
                    b"\x08" + b"\xff" * 10 + b"\x01", b"\x11\0", b"\x1d\0", b"\xff\xff\xff\xff\x0f\0"):
            with self.assertRaises(v.Refused, msg=bad):
                v.message(bad, "malformed")


class ReceiptTests(VerifyTests):
    def receipt(self, entry, failed=0):
        chain = s.Chain({})
        chain.entry, chain.failed = entry, failed
        chain.close()
        return chain, chain.receipt()

    def test_transactions_that_no_block_carries_out(self):
        plain, other = CHAIN.envelope(), s.key(22)
        body = v.last(v.message(plain, "malformed"), 1)
        signature = v.message(plain, "malformed")[2, 2][0]
        for envelope in (CHAIN.envelope(expiry=s.TIME - 1), CHAIN.envelope(expiry=s.TIME + 601),
                         CHAIN.envelope(chain=bytes(32)), CHAIN.envelope(sender=bytes(20)), CHAIN.envelope(sender=bytes(19)),
                         CHAIN.envelope(by=other), CHAIN.envelope(extra=s.field(4, bytes(15))),
                         CHAIN.envelope(extra=s.field(6, s.field(1, 1))), CHAIN.envelope(extra=s.field(5, s.field(1, b"\xff"))),
                         CHAIN.envelope(extra=s.field(5, s.field(1, b"x" * 33))), CHAIN.envelope(extra=s.field(5, b"\x08")),
                         s.field(1, body), s.field(1, body) + s.field(2, signature) * 9,
                         s.field(1, body) + s.field(2, signature[:-1] + b"\0"), s.field(1, body + b"\x38\1") + s.field(2, signature),
                         plain + s.field(2, s.field(1, 1)), s.field(1, body) + s.field(2, signature.replace(b"\x08\1", b"\x08\2", 1)),
                         b"\x0a", plain + s.field(15, bytes(65_535))):
            chain, file = self.receipt(b"\2" + envelope)
            self.refused("refused", file, chain)
        for expiry in (s.TIME, s.TIME + 600):
            chain, file = self.receipt(b"\2" + CHAIN.envelope(expiry=expiry))
            self.assertTrue(chain.verify(file)["succeeded"])

    def test_as_protobuf_reads(self):
        extra = s.field(5, s.field(2, 6)) + s.field(6, s.field(2, bytes(32))) + s.field(6, s.field(1, 3)) + s.field(9, b"new")
        chain, file = self.receipt(b"\2" + CHAIN.envelope(extra=extra) + b"\x23\x24")
        self.assertEqual(chain.verify(file)["asked"], "action 6 of 'mutual-aid'")

    def test_another_key_only_where_the_verifier_knows_it(self):
        other = s.key(22)
        chain, file = self.receipt(b"\2" + CHAIN.envelope(by=other))
        self.assertEqual(chain.verify(file, key=s.public(other))["sender"], CHAIN.verify(CHAIN.receipt())["sender"])
        self.refused("refused", file, chain, key=s.public(s.key(23)))

    def test_place_and_result(self):
        self.refused("not_included", self.changed("receipt", "index", to=4))
        self.refused("not_included", self.changed("receipt", "index", to=1))
        self.refused("not_included", self.changed("receipt", "index", to=2))
        self.refused("not_included", self.changed("receipt", "entry", to=s.b64(CHAIN.header)))
        self.refused("not_included", self.changed("receipt", "entry", to=""))
        chain, file = self.receipt(CHAIN.entry, failed=1)
        self.assertFalse(chain.verify(file)["succeeded"])


class StateTests(VerifyTests):
    def test_layouts_are_those_of_the_documentation(self):
        """Widths, and the fields called zero, as docs/state.md has them."""
        page = (DOCS / "state.md").read_text("utf-8")
        widths = {}
        for sentence in re.findall(r"(?:`[a-z_]+`, \d+ bytes|`[a-z_]+`, \d+ bytes)", page):
            name, width = re.fullmatch(r"`([a-z_]+)`, (\d+) bytes", sentence).groups()
            widths[name] = int(width)
        self.assertGreater(len(widths), 40)
        self.assertEqual({name: layout[0] for name, layout in v.LAYOUTS.items()}, widths)
        order = page[page.index("The order is:"):page.index("Empty tables are leaves too.")]
        self.assertEqual(re.findall("`([a-z_]+)`", order), sorted(v.LAYOUTS))
        written = sorted((int(at), int(size)) for at, size in re.findall(r"\| (\d+) \| (\d+) \| zero \|", page))
        known = [(at, size) for _, rules in v.LAYOUTS.values() for at, size, _, high in rules if high == 0]
        for upper in ((4, 1), (12, 1)):  # of a purpose and a reason, which have two bytes
            known.remove(upper)
        self.assertEqual(sorted(known), written)

    def test_a_state_proof_answers_its_question_only(self):
        file = CHAIN.state_proof("nullifiers", 2)
        self.refused("not_included", file, table="nullifiers", ordinal=1)
        self.refused("not_included", file, table="memberships", ordinal=2)
        table = CHAIN.table("nullifiers")
        for member, to in (("name", "memberships"), ("version", 2), ("count", 5), ("index", 3), ("root", s.b64(bytes(32))),
                           ("path", table["path"][:-1])):
            self.refused("not_included", {**file, "table": {**table, member: to}}, **ASKED)

    def test_every_layout_and_what_it_forbids(self):
        for name, (width, rules) in v.LAYOUTS.items():
            good = bytearray(width)
            for at, _, low, _ in rules:
                good[at] = low
            for record, code in ((good, None), (good + b"\0", "not_included"), (good[:-1], "not_included")):
                chain = s.Chain({name: [bytes(record)]})
                if code:
                    self.refused(code, chain.state_proof(name, 0), chain, table=name, ordinal=0)
                else:
                    chain.verify(chain.state_proof(name, 0), table=name, ordinal=0)
            for at, size, low, high in rules:
                for value in {low - 1, high + 1} - {-1, 256}:
                    bad = bytearray(good)
                    bad[at + size - 1] = value
                    chain = s.Chain({name: [bytes(bad)]})
                    self.refused("malformed", chain.state_proof(name, 0), chain, table=name, ordinal=0)
        chain = s.Chain({"organisations": [b"a\0b" + bytes(145)]})
        self.refused("malformed", chain.state_proof("organisations", 0), chain, table="organisations", ordinal=0)

    def test_absence(self):
        def absent(key, *ordinals, table="nullifiers"):
            return CHAIN.absence(table, bytes([key]) * 32, ordinals)
        for file in (absent(50, 1, 3), absent(70, 3), absent(10, 0, 2), absent(20, 2), absent(30, 2, 1), absent(0, 0, 2),
                     absent(5, 0, table="payment_references")):
            CHAIN.verify(file)
        for file in (absent(40, 1), absent(40, 1, 3), absent(60, 3), absent(70, 1), absent(30, 1, 3), absent(50, 2, 1),
                     absent(65, 1, 3), absent(10, 2, 1), absent(50, 3, 0), absent(10, 0), absent(50, 0, 1),
                     {**absent(50, 1, 3), "table": CHAIN.table("memberships")}):
            self.refused("not_included", file)
        self.refused("malformed", absent(50))
        self.refused("malformed", absent(50, 1, 3, 1))


class StatementTests(VerifyTests):
    def chain(self, changes=None, plan=None, record=None, settlements=None):
        """The example's chain with other changes, records or settlements, all of them proven."""
        tables = {name: list(records) for name, records in CHAIN.tables.items()}
        changes = changes or list(CHAIN.changes)
        member = bytearray(record or tables["memberships"][1])
        member[40:72] = s.history_of(changes)
        tables["memberships"][1] = bytes(member)
        tables["plans"][1] = plan or tables["plans"][1]
        tables["settlements"] = settlements or tables["settlements"]
        return s.Chain(tables, changes)

    def broken(self, code, shown=SHOWN, **parts):
        chain = self.chain(**parts)
        self.refused(code, chain.statement(shown), chain)

    def test_every_field_of_the_record_must_follow(self):
        record = CHAIN.tables["memberships"][1]
        for at in (31, 39, 79, 87, 95):
            self.broken("broken_history", record=record[:at] + bytes([record[at] ^ 1]) + record[at + 1:])
        self.broken("broken_history", record=record[:96] + b"\2" + record[97:])
        self.broken("malformed", record=record[:96] + b"\4" + record[97:])
        self.broken("not_included", record=record[:25] + b"\2" + record[26:])

    def test_changes_that_the_ledger_cannot_have_made(self):
        changes = CHAIN.changes
        def amount(at, to): return changes[:at] + [changes[at][:1] + s.struct.pack(">q", to) + changes[at][9:]] + changes[at + 1:]
        def kind(at, to): return changes[:at] + [bytes([to]) + changes[at][1:]] + changes[at + 1:]
        def time(at, to): return changes[:at] + [changes[at][:49] + s.struct.pack(">Q", to) + changes[at][57:]] + changes[at + 1:]
        for wrong in (changes[1:], changes[:1] + changes, changes[:2] + changes[1:], amount(0, 1), amount(1, 0), amount(1, -5),
                      amount(2, 2**63 - 1), amount(3, 1), amount(4, 1), amount(5, 9_995_679), amount(5, 9_990_001), amount(6, 1),
                      kind(1, 3), kind(1, 4), kind(2, 2), kind(3, 3), kind(6, 5), kind(6, 17), kind(5, 7), kind(2, 1),
                      time(4, s.TIME - 9000), changes[:3] + changes[4:], changes[:5] + changes[6:]):
            self.broken("broken_history", changes=wrong)
        later = {"settlements": CHAIN.tables["settlements"][:7], "plan": s.plan_record(46_004_321, 7), "shown": SHOWN[:4]}
        chain = self.chain(changes=time(6, s.TIME), **{name: later[name] for name in ("settlements", "plan")})
        chain.verify(chain.statement(SHOWN[:4]))
        self.broken("broken_history", changes=time(6, s.TIME + 1), **later)
        self.refused("broken_history", {**CHAIN.statement(SHOWN), "changes": []})
        self.refused("malformed", {**CHAIN.statement(SHOWN), "changes": [s.b64(bytes([19]) + changes[0][1:])]})
        self.refused("malformed", {**CHAIN.statement(SHOWN), "changes": [s.b64(changes[0] + b"\0")]})

    def test_reversal_and_illness(self):
        changes = CHAIN.changes[:5] + [s.change(7, s.TIME - 3900, 1_000_000, 9, 41_000_000),
                                       s.change(18, s.TIME - 3200, 5_004_321, c=46_004_321),
                                       s.change(6, s.TIME - 3000, 8_990_000, c=46_004_321)]
        record = bytearray(CHAIN.tables["memberships"][1])
        record[32:40] = (55_000_000).to_bytes(8)
        chain = self.chain(changes=changes, record=bytes(record))
        self.assertEqual(chain.verify(chain.statement(SHOWN))["balance"], 0)
        changes[5] = s.change(7, s.TIME - 3900, 15_000_001, 9, 41_000_000)
        self.broken("broken_history", changes=changes, record=bytes(record))

    def test_settlements_that_are_not_the_plans(self):
        CHAIN.verify(CHAIN.statement(SHOWN))
        for shown in (SHOWN[:-1], SHOWN[1:], [1, 3, 6, 7], [0] + SHOWN, [1, 3, 4, 5, 6, 7], [3, 4, 6, 7]):
            with self.assertRaises(v.Refused) as caught:
                CHAIN.verify(CHAIN.statement(shown))
            self.assertIn(caught.exception.code, ("proof.broken_shares", "proof.broken_history"))
        self.broken("broken_shares", shown=[0] + SHOWN)
        self.broken("broken_shares", shown=[3, 4, 6, 7])
        self.broken("broken_shares", plan=s.plan_record(46_004_325, 9))
        self.broken("broken_shares", plan=s.plan_record(46_004_326, 8))
        for at, place in ((4, 7), (4, 12), (4, 135), (4, 1), (7, 12)):
            settlements = list(CHAIN.tables["settlements"])
            bad = bytearray(settlements[at])
            bad[place] ^= 1
            settlements[at] = bytes(bad)
            self.broken("broken_shares", settlements=settlements)
        settlements = list(CHAIN.tables["settlements"])
        settlements[3] = settlements[3][:191] + b"\1"
        self.broken("malformed", settlements=settlements)

    def test_a_join_alone(self):
        join = [s.change(1, s.TIME - 500, number=7, c=46_004_325)]
        record = s.membership(join, 1, 0, 0, 0, 1)
        chain = self.chain(changes=join, record=record)
        found = chain.verify(chain.statement([]))
        self.assertEqual((found["balance"], len(found["events"])), (0, 1))
        self.broken("broken_shares", changes=[s.change(1, s.TIME - 500, number=7, c=46_004_324)], record=record, shown=[])

    def test_tables_of_one_state(self):
        file = CHAIN.statement(SHOWN)
        a, b, c = file["tables"]
        self.refused("not_included", {**file, "tables": [b, a, c]})
        self.refused("not_included", {**file, "tables": [a, b, {**c, "tables": 45}]})
        self.refused("malformed", {**file, "tables": [a, b]})
        self.refused("not_included", {**file, "membership": CHAIN.record("memberships", 2)})
        self.refused("not_included", {**file, "plan": CHAIN.record("plans", 2)})

    def test_cases(self):
        rows = base64.b64decode(CASES[0]["rows"])
        self.assertEqual(len(CHAIN.verify(CHAIN.statement(SHOWN, CASES))["cases"]), 2)
        CHAIN.verify(CHAIN.statement(SHOWN, [{"settlement": 7, "rows": ""}]))
        for settlement, other in ((1, rows[:12]), (1, rows[12:] + rows[:12]), (1, rows + bytes(12)), (1, rows[:-1]), (1, ""),
                                  (3, rows), (0, rows), (2**50, "")):
            self.refused("broken_shares", CHAIN.statement(SHOWN, [{"settlement": settlement, "rows": s.b64(bytes(other or b""))}]))
        self.refused("malformed", {**CHAIN.statement(SHOWN), "cases": None})


class Mutator:
    """Changes one thing in a file, by a seed: flips, cuts, repeats, swaps, splices, numbers, lists, lines."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def places(self, value, at=()):
        """Every member and list item that is not the format's name."""
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for name, item in inner:
            yield (*at, name)
            yield from self.places(item, (*at, name))

    def bytes(self, data, other):
        at, to = sorted((self.dice.randrange(len(data) + 1), self.dice.randrange(len(data) + 1)))
        flipped = bytearray(data or b"\0")
        flipped[at % len(flipped)] ^= 1 << self.dice.randrange(8)
        return self.dice.choice([bytes(flipped), bytes(flipped), data[:at] + data[to:], data[:to] + data[at:],
                                 data[:at] + bytes(to - at) + data[to:], data[:at] + other[at:], data + b"\0", b"",
                                 data[to:] + data[at:to] + data[:at], other])

    def number(self, value):
        return self.dice.choice([value + 1, abs(value - 1), value ^ 1 << self.dice.randrange(53), 2**53 - 1, 0, 2**63, -1,
                                 float(value), str(value), None, value == 1])

    def items(self, items):
        at, to = self.dice.randrange(len(items) + 1), self.dice.randrange(len(items) + 1)
        swapped = list(items)
        if items:
            swapped[at % len(items)], swapped[to % len(items)] = items[to % len(items)], items[at % len(items)]
        return self.dice.choice([items[:at] + items[at + 1:], items[:at] + items[at:at + 1] + items[at:], swapped,
                                 items[::-1], [], items[:at], items + items])

    def text(self, value, other):
        lines = value.split("\n")
        if len(lines) < 3:
            return self.dice.choice([other, value + "0", value[:-1], value.upper(), ""])
        if self.dice.random() < 0.5:
            return "\n".join(self.items(lines))
        at = self.dice.randrange(len(lines))
        line = self.dice.choice([lines[at] + " ", lines[at][:-1], lines[at].replace("A", "B", 1), lines[at - 1], "x",
                                 " ".join(reversed(lines[at].split(" ")))])
        return "\n".join(lines[:at] + [line] + lines[at + 1:])

    def mutated(self, file, others):
        """A copy with one thing changed, and where."""
        file = copy.deepcopy(file)
        place = self.dice.choice(list(self.places(file)))
        *above, name = place
        parent = file
        for step in above:
            parent = parent[step]
        value = parent[name]
        kind = type(value)
        other = self.dice.choice(others.get(kind, [value]))
        if self.dice.random() < 0.1:
            parent[name] = other
        elif kind is int:
            parent[name] = self.number(value)
        elif kind is list:
            parent[name] = self.items(value)
        elif kind is str and v.unbase64(value) is not None and len(value) != 64:
            parent[name] = s.b64(self.bytes(v.unbase64(value), v.unbase64(other) or b"other"))
        elif kind is str:
            parent[name] = self.text(value, other)
        elif isinstance(parent, dict):
            del parent[name]
        return file, place


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

    def test_memory(self):
        file, memory = str(self.folder / "receipt"), self.folder / "memory"
        self.assertEqual(self.run_command(file, "--memory", str(memory))[0], 0)
        seen = json.loads(memory.read_text())
        self.assertEqual(seen[CHAIN.id]["size"], 7)
        self.assertEqual(self.run_command(file, "--memory", str(memory))[0], 0)
        for change, status, word in (({"root": "0" * 64}, 1, "SPLIT_VIEW"), ({"origin": "x"}, 1, "SPLIT_VIEW"),
                                     ({"size": 8, "root": "0" * 64}, 0, "older"), ({"size": 6, "root": "0" * 64}, 0, "VALID")):
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
        listed = [{"file": kind, "kind": kind, "chain": CHAIN.id, "policy": "p", "verdict": "valid", "reason": "", **question}
                  for kind, (_, question) in files().items()]
        listed.append({**listed[0], "chain": "0" * 64, "verdict": "proof.wrong_chain", "reason": "another chain"})
        for vectors, status in ((listed, 0), (listed + [{**listed[0], "verdict": "proof.malformed"}], 1), ([], 2)):
            (self.folder / "vectors.json").write_text(json.dumps({"policies": {"p": "policy"}, "vectors": vectors}))
            self.assertEqual(self.run_command("--vectors", str(self.folder), start=False)[0], status)


@unittest.skipUnless(os.environ.get("TONGZHOU_DEMO"), "TONGZHOU_DEMO names no folder of a demonstration")
class DemoTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(os.environ["TONGZHOU_DEMO"])
        self.policy = (self.folder / "log/aid/policy/0").read_text()
        self.files = {name: json.loads((self.folder / f"{name}.json").read_bytes()) for name in ("receipt", "statement")}
        if self.files["statement"]["format"].endswith("v1"):
            self.files["statement"] = self.in_version_2(self.files["statement"])
        self.chain = self.files["receipt"]["chain"]

    @staticmethod
    def in_version_2(file):
        """A statement of version 1 had a path for each settlement; version 2 has the hashes that all of them need."""
        entries, count = file["settlements"], file["tables"][2]["count"]
        known = {}
        for entry in entries:
            start, end, path = 0, count, list(entry["path"])
            while path:
                middle = start + v.split(end - start)
                if entry["ordinal"] < middle:
                    known[middle, end], end = path.pop(), middle
                else:
                    known[start, middle], start = path.pop(), middle
        def hashes(start, end):
            inside = [entry for entry in entries if start <= entry["ordinal"] < end]
            if not inside or end - start == 1:
                return [] if inside else [known[start, end]]
            middle = start + v.split(end - start)
            return hashes(start, middle) + hashes(middle, end)
        records = [{"ordinal": entry["ordinal"], "record": entry["record"]} for entry in entries]
        return {**file, "format": "tongzhou-statement/v2", "settlements": {"records": records, "hashes": hashes(0, count)}}

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
