#!/usr/bin/env python3
"""Files in general, hash trees and signatures."""
import gzip
import hashlib
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from checking import CHAIN, files, VerifyTests
import synthetic as s
import tongzhou_verify as v


class FileTests(VerifyTests):
    def test_each_kind_holds_plain_and_compressed(self):
        for kind, (file, question) in files().items():
            plain = CHAIN.verify(file, **question)
            self.assertEqual(plain["kind"], kind)
            self.assertEqual(CHAIN.verify(gzip.compress(json.dumps(file).encode()), **question), plain)
            self.assertEqual(CHAIN.verify({**file, "else": [15, True, {"x": "\U0001f600"}, "["]}, **question), plain)
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
                     file.replace(b'"checkpoint": "', b'"checkpoint": "\\ud800'),
                     file.replace(b'"path": [', b'"path": [1,'),
                     packed[:-1], packed + b"\0", packed + packed, b"\x1f\x8bxxxx", packed[:40] + b"x" + packed[41:]):
            self.refused("malformed", data)
        for strange in (b"1.5", b"-1", b"null", b"[null]", b'"\\ud800"', b'{"\\ude00": 1}', b"1e2", b"9007199254740992",
                        b'{"x": 1, "x": 1}', b"[" * 16 + b"]" * 16):
            self.refused("malformed", file.replace(b'"index": 3', b'"index": 3, "else": ' + strange))
        deep = file.replace(b'"index": 3', b'"index": 3, "else": ' + b"[" * 15 + b"]" * 15)
        self.assertEqual(CHAIN.verify(deep), CHAIN.verify(file))

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
                hashes = s.gaps(leaves, ordinals) if ordinals else []  # nothing is claimed then
                self.assertEqual(v.check_several(entries, hashes, table), [records[at] for at in ordinals])
                for wrong in ((entries, hashes + [bytes(32)]), (entries, hashes[:-1]), (entries[1:], hashes),
                              (entries[::-1], hashes), (entries[:1] + entries, hashes)):
                    # Without its last record a choice of one says nothing, and says it rightly.
                    if wrong != (entries, hashes) and wrong != ([], []):
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
        self.assertFalse(v.is_signed(*self.signature((v.P - 1).to_bytes(32, "little")),
                                     b"m"))  # holds with cofactor only

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


if __name__ == "__main__":
    unittest.main()
