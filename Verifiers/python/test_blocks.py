#!/usr/bin/env python3
"""Policies, checkpoints, seals and receipts."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from checking import CHAIN, VerifyTests
import synthetic as s
import tongzhou_verify as v


class CheckpointTests(VerifyTests):
    def test_published_note(self):
        vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
        note = ("This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Z"
                "tg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n")
        self.assertEqual(len(v.signers(*v.read_note(note), [v.read_key(vkey)])), 1)

    def test_published_cosigned_checkpoint(self):
        origin = "arche2025h1.staging.ct.transparency.dev"
        note = (f"{origin}\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n— {origin} "
                "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
                "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5"
                "XeU/zZ0WBxtqB0DrAWfBw==\n")
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
                     CHAIN.sign(f"another/log\n7\n{s.b64(bytes(32))}\n"),
                     CHAIN.sign(f"{s.ORIGIN}\n0\n{s.b64(bytes(32))}\n"),
                     self.note(cosigners=(0, 1, 2, 3)).replace(lines[-2][-8:], lines[-3][-8:])):
            self.refused("no_quorum", self.changed("receipt", "seal", "checkpoint", to=note))

    def test_lines_by_strangers(self):
        """They say nothing, but they must read, and there are at most a hundred lines."""
        def strangers(*names): return self.note() + "".join(f"— {name} AAAAAAA=\n" for name in names)
        many = [f"stranger{number}" for number in range(96)]
        CHAIN.verify(self.changed("receipt", "seal", "checkpoint", to=strangers(*many[:95])))
        for note in (strangers(*many), strangers("a", "a"), strangers("a+b"), strangers("a\u00a0b"), strangers("a\tb"),
                     strangers("a").replace("AAAAAAA=", "AAAAAA=="), strangers("a").replace("AAAAAAA=", "AAAAAAB=")):
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
                                 ("seal", s.b64(CHAIN.seal[:-1]), "malformed"),
                                 ("seal", s.b64(b"\2" + CHAIN.seal[1:]), "malformed"),
                                 ("seal", s.b64(CHAIN.seal[:-1] + b"\1"), "not_included"),
                                 ("path", seal["path"][1:], "not_included"),
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
                         CHAIN.envelope(chain=bytes(32)), CHAIN.envelope(sender=bytes(20)),
                         CHAIN.envelope(sender=bytes(19)),
                         CHAIN.envelope(by=other), CHAIN.envelope(extra=s.field(4, bytes(15))),
                         CHAIN.envelope(extra=s.field(6, s.field(1, 1))),
                         CHAIN.envelope(extra=s.field(5, s.field(1, b"\xff"))),
                         CHAIN.envelope(extra=s.field(5, s.field(1, b"x" * 33))),
                         CHAIN.envelope(extra=s.field(5, b"\x08")),
                         s.field(1, body), s.field(1, body) + s.field(2, signature) * 9,
                         s.field(1, body) + s.field(2, signature[:-1] + b"\0"),
                         s.field(1, body + b"\x38\1") + s.field(2, signature),
                         plain + s.field(2, s.field(1, 1)),
                         s.field(1, body) + s.field(2, signature.replace(b"\x08\1", b"\x08\2", 1)),
                         b"\x0a", plain + s.field(15, bytes(65_535))):
            chain, file = self.receipt(b"\2" + envelope)
            self.refused("refused", file, chain)
        for expiry in (s.TIME, s.TIME + 600):
            chain, file = self.receipt(b"\2" + CHAIN.envelope(expiry=expiry))
            self.assertTrue(chain.verify(file)["succeeded"])

    def test_as_protobuf_reads(self):
        manifest = s.field(6, s.field(2, bytes(32))) + s.field(6, s.field(1, 3))
        extra = s.field(5, s.field(2, 6)) + manifest + s.field(9, b"new")
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


if __name__ == "__main__":
    unittest.main()
