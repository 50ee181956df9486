#!/usr/bin/env python3
"""Records of the state, absence and statements."""
import base64
import json
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from checking import ASKED, CASES, CHAIN, SHOWN, VerifyTests
import synthetic as s
import tongzhou_verify as v

DOCS = pathlib.Path(__file__).parents[2] / "docs"
PAGE = pathlib.Path(__file__).parents[2] / "Sources/Server/Assets/verify"


class StateTests(VerifyTests):
    def test_layouts_are_those_of_the_documentation(self):
        """Widths, and the fields called zero, as docs/state.md and docs/hearts.md have them."""
        page = (DOCS / "state.md").read_text("utf-8")
        widths = {name: int(width) for name, width in re.findall(r"`([a-z_]+)`, (\d+) bytes", page)}
        self.assertGreater(len(widths), 40)
        order = page[page.index("The order is:"):page.index("Empty tables are leaves too.")]
        self.assertEqual(re.findall("`([a-z_]+)`", order), sorted(widths))
        written = [(int(at), int(size)) for at, size in re.findall(r"\| (\d+) \| (\d+) \| zero \|", page)]
        hearts = self.hearts()
        self.assertEqual(len(hearts), 15)
        self.assertEqual({name: layout[0] for name, layout in v.LAYOUTS.items()},
                         {**widths, **{name: width for name, (width, _) in hearts.items()}})
        written += [zero for _, zeros in hearts.values() for zero in zeros]
        known = [(at, size) for _, rules in v.LAYOUTS.values() for at, size, _, high in rules if high == 0]
        for upper in ((4, 1), (12, 1)):  # of a purpose and a reason, which have two bytes
            known.remove(upper)
        self.assertEqual(sorted(known), sorted(written))

    def hearts(self):
        """Width and zeros of each table of docs/hearts.md, summed up from its fields."""
        page = (DOCS / "hearts.md").read_text("utf-8")
        found = {}
        for name, width, fields in re.findall(r"^\| `([a-z_]+)` \| (\d+)(?:, unique)? \| (.+) \|$", page, re.M):
            fields = re.sub(r"5 × \((.*?)\) by unit", lambda flow: ", ".join([flow[1]] * 5), fields)
            fields = re.sub(r" ?\([^()]*\)", "", fields).removeprefix("one record: ")
            at, zeros, together = 0, [], 0
            for field in re.split("[,;] ", fields):
                together += 1
                size = re.search(r"(?:(\d+) × )?[ui]?(\d+)( each)?$", field)
                if size is None and field != "H":  # the size stands behind others of its kind
                    continue
                bits = field == "H" or re.search(r"[ui]\d+( each)?$", field)
                width_of = 32 if field == "H" else int(size[2]) // (8 if bits else 1)
                count = (int(size[1] or 1) * (together if size[3] else 1)) if size else 1
                self.assertTrue(together == 1 or size[3], f"{name}: {field}")
                zeros += [(at, width_of)] if field.startswith("zero ") else []
                at, together = at + width_of * count, 0
            self.assertEqual((at, together), (int(width), 0), name)
            found[name] = (int(width), zeros)
        return found

    def test_layouts_are_those_of_the_page_that_checks_files(self):
        """What /verify forbids is what is forbidden here, so that it stands in docs/state.md too."""
        source = (PAGE / "layouts.js").read_text("utf-8")
        source = source[source.index("const LAYOUTS = {"):source.index("\n};\n")]
        lines = re.findall(r"^  ([a-z_]+): \{ (width: .*) \},$", source, re.M)
        self.assertEqual(len(lines), source.count("width: "))
        found = {}
        for name, text in lines:
            members = json.loads("{" + re.sub(r"([a-z]+):", r'"\1":', text) + "}")
            rules = [[at, 1, low, high] for at, low, high in members.pop("values", [])]
            rules += [[at, size, 0, 0] for at, size in members.pop("zero", [])]
            for at, low, high in members.pop("wide", []):
                rules += [[at, 1, 0, 0], [at + 1, 1, low, high]]
            found[name] = (members.pop("width"), sorted(rules))
            self.assertEqual(members, {"name": 48} if name == "organisations" else {})
        self.assertEqual(found, {name: (width, sorted(rules)) for name, (width, rules) in v.LAYOUTS.items()})

    def test_a_state_proof_answers_its_question_only(self):
        file = CHAIN.state_proof("nullifiers", 2)
        self.refused("not_included", file, table="nullifiers", ordinal=1)
        self.refused("not_included", file, table="memberships", ordinal=2)
        table = CHAIN.table("nullifiers")
        for member, to in (("name", "memberships"), ("version", 2), ("count", 5), ("index", 3),
                           ("root", s.b64(bytes(32))),
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
        for file in (absent(50, 1, 3), absent(70, 3), absent(10, 0, 2), absent(20, 2), absent(30, 2, 1),
                     absent(5, 0, table="payment_references")):
            CHAIN.verify(file)
        for file in (absent(40, 1), absent(40, 1, 3), absent(60, 3), absent(70, 1), absent(30, 1, 3), absent(50, 2, 1),
                     absent(65, 1, 3), absent(10, 2, 1), absent(50, 3, 0), absent(10, 0), absent(50, 0, 1),
                     {**absent(50, 1, 3), "table": CHAIN.table("memberships")}):
            self.refused("not_included", file)
        self.refused("malformed", absent(50))
        self.refused("malformed", absent(0, 0, 2))  # the sentinel's key is nobody's
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
        def put(at, place, data):
            item = changes[at][:place] + data + changes[at][place + len(data):]
            return changes[:at] + [item] + changes[at + 1:]
        def kind(at, to): return put(at, 0, bytes([to]))
        def amount(at, to): return put(at, 1, s.struct.pack(">q", to))
        def time(at, to): return put(at, 49, s.struct.pack(">Q", to))
        for wrong in (changes[1:], changes[:1] + changes, changes[:2] + changes[1:], amount(0, 1), amount(1, 0),
                      amount(1, -5),
                      amount(2, 2**63 - 1), amount(3, 1), amount(4, 1), amount(5, 9_995_679), amount(5, 9_990_001),
                      amount(6, 1),
                      kind(1, 3), kind(1, 4), kind(2, 2), kind(3, 3), kind(6, 5), kind(6, 17), kind(5, 7), kind(2, 1),
                      time(4, s.TIME - 9000), changes[:3] + changes[4:], changes[:5] + changes[6:]):
            self.broken("broken_history", changes=wrong)
        later = {"settlements": CHAIN.tables["settlements"][:7], "plan": s.plan_record(46_004_321, 7),
                 "shown": SHOWN[:4]}
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
        self.broken("broken_shares", changes=[s.change(1, s.TIME - 500, number=7, c=46_004_324)], record=record,
                    shown=[])

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
        for settlement, other in ((1, rows[:12]), (1, rows[12:] + rows[:12]), (1, rows + bytes(12)), (1, rows[:-1]),
                                  (1, b""), (3, rows), (0, rows), (2**50, b"")):
            cases = [{"settlement": settlement, "rows": s.b64(other)}]
            self.refused("malformed" if len(other) % 12 else "broken_shares", CHAIN.statement(SHOWN, cases))
        self.refused("malformed", {**CHAIN.statement(SHOWN), "cases": None})


if __name__ == "__main__":
    unittest.main()
