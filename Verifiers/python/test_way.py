#!/usr/bin/env python3
"""Ways of lots: what holds, and every lie about one."""
import pathlib
import struct
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from checking import CHAIN, HEARTS, VerifyTests
import synthetic as s
import tongzhou_verify as v
import tongzhou_way as w

STEPS = HEARTS.steps
REVERSAL = (bytes([9]) * 32, s.TIME - 200)


class WayTests(VerifyTests):
    def way(self, *names, lot=5, **more):
        return CHAIN.way(lot, [STEPS.get(name, name) for name in names], **more)

    def test_a_meal_leads_back_to_its_givers(self):
        found = CHAIN.verify(self.way(*s.MEAL))
        self.assertEqual((found["kind"], found["lot"], len(found["events"])), ("way", 5, 9))
        words = "\n".join(found["words"])
        for part in ("organisation 2: given 5000 g at 620100", "organisation 4: handed over 4000 g",
                     "repacked 100 g lost (2 lots to 2)", "sent to organisation 4", "unpacked (1 lots)",
                     "5000 g came in, 900 g are left, 4000 g reached people, 100 g were lost"):
            self.assertIn(part, words)
        # What does not build on each other may stand in either order; it says the same.
        swapped = ("second", "first", *s.MEAL[2:])
        self.assertEqual(CHAIN.verify(self.way(*swapped))["events"], found["events"])

    def test_a_gift_and_its_reversal(self):
        gift = CHAIN.verify(self.way("first", "repacked", lot=0, gift=0))
        self.assertIn("It began as gift 0, which brought 5000 hearts", gift["words"])
        void = CHAIN.verify(self.way("wrong", "kept", lot=3, reversal=REVERSAL))
        self.assertEqual(void["reversal"], [(REVERSAL[0].hex(), REVERSAL[1])])
        # Of what was taken back nothing counts as lost.
        said = "\n".join(void["words"])
        self.assertIn("g were taken back; void at", said)
        self.assertNotIn("lost", said)
        self.assertNotIn("taken back", "\n".join(gift["words"]))
        for file in (self.way("first", "repacked", lot=0, gift=1), self.way(*s.MEAL, gift=0),
                     self.way("wrong", "kept", lot=3, reversal=REVERSAL, gift=0)):
            self.refused("not_included", file)
        for file in (self.way("wrong", "kept", lot=3), self.way("first", "repacked", lot=0, reversal=REVERSAL),
                     self.way("wrong", "kept", lot=3, reversal=(bytes(32), REVERSAL[1])),
                     self.way("wrong", "kept", lot=3, reversal=(REVERSAL[0], REVERSAL[1] + 1)),
                     self.way("wrong", lot=3, reversal=REVERSAL),
                     self.way("wrong", "kept", lot=3, reversal=(REVERSAL[0], s.TIME + 1))):
            self.refused("broken_history", file)

    def test_an_event_cannot_pass_for_a_reversal(self):
        """A way without its last event, with that event's hash in the place of a reversal: the record is not void."""
        self.refused("broken_history", self.way(*s.MEAL[:-1], reversal=REVERSAL))

    def test_nothing_is_left_out_put_in_or_changed(self):
        for place, name in enumerate(s.MEAL):
            self.refused("broken_history", self.way(*s.MEAL[:place], *s.MEAL[place + 1:]))
            self.refused("broken_history", self.way(*s.MEAL[:place], name, *s.MEAL[place:]))
            step = STEPS[name]
            row = 21 + 4 * step[20]
            for at in (7, 15, row + 15, row + 23, row + 27):
                bent = step[:at] + bytes([step[at] ^ 1]) + step[at + 1:]
                with self.assertRaises(v.Refused) as caught:
                    CHAIN.verify(self.way(*s.MEAL[:place], bent, *s.MEAL[place + 1:]))
                self.assertIn(caught.exception.code, ("proof.broken_history", "proof.malformed"))
        self.refused("broken_history", self.way(*s.MEAL, "kept"))
        self.refused("broken_history", self.way("wrong", *s.MEAL))
        self.refused("broken_history", self.way(*s.MEAL[:-2], "eaten", "unpacked"))
        self.refused("broken_history", self.way())
        self.refused("broken_history", self.way(*s.MEAL, lot=4))

    def test_nothing_happens_to_a_lot_before_it_is_made(self):
        """Such a step stands in no history, so anybody could put it in."""
        early = s.Hearts.step(9 << 48 | 1, s.TIME - 500, [5], 0, s.Hearts.row(10, quantity=1, lot=5, reason=3))
        again = s.Hearts.step(9 << 48 | 2, s.TIME - 500, [99], 4, s.Hearts.row(
            4, parts=[(99, 9), (1, 4), (1, 5)], inputs=1))
        box = s.Hearts.step(9 << 48 | 3, s.TIME - 500, [6, 5], 0, s.Hearts.row(6, 0, lot=6, parts=[(5, 0)], inputs=1))
        for forged in (early, again, box):
            for place in range(len(s.MEAL) + 1):
                names = s.MEAL[:place] + (forged,) + s.MEAL[place:]
                self.refused("broken_history", self.way(*(names if place < 6 else s.MEAL[:3] + (forged,) + s.MEAL[3:])))

    def test_numbers_of_lots(self):
        packed = STEPS["packed"]
        for at, to in ((24, 1), (28, 5), (21, 128), (19, 5)):
            bent = packed[:at] + bytes([to]) + packed[at + 1:]
            self.refused("malformed" if to == 128 else "broken_history",
                         self.way(*(bent if name == "packed" else name for name in s.MEAL)))

    def test_steps_that_no_ledger_takes(self):
        row = s.Hearts.row
        def step(row, sources=(0,), first=0): return s.Hearts.step(2 << 48 | 1, s.TIME - 500, sources, first, row)
        good = [step(row(2)), step(row(1, quantity=1), ()), step(row(11, quantity=-5)), step(row(18, 1, 5, reason=2,
                evidence=bytes([1]) * 32, party=bytes([2]) * 32)), step(row(5, 0, parts=[(0, 0)], inputs=1)),
                step(row(1, quantity=1), (), 2**31 - 1), step(row(4, parts=[(0, 1)] * 128, inputs=64), [0] * 64)]
        for each in good:
            self.refused("broken_history", self.way(each))
        for each in (b"", bytes(20), step(row(2))[:-1], step(row(2)) + bytes(12), step(row(2), (0, 0)), step(row(2), ()),
                     step(row(2), (2**31,)), step(row(2), first=1), step(row(1, quantity=1), (), 2**31),
                     step(row(0)), step(row(16, quantity=1, evidence=bytes([1]) * 32)), step(row(20, 5, 1)), step(row(21)),
                     step(row(2, unit=6)), step(row(2, unit=0)), step(row(2, quantity=1)), step(row(2, other=1)),
                     step(row(2, time=0)), step(row(2, time=2**63)), step(row(2, reason=1)), step(row(2, project=1)),
                     step(row(2, inputs=1)), step(row(8)), step(row(9, quantity=1)), step(row(13, quantity=1)),
                     step(row(10, quantity=1, reason=5)), step(row(10, quantity=-1)), step(row(10, quantity=10**15 + 1)),
                     step(row(18, 1, 5, reason=3, evidence=bytes([1]) * 32, party=bytes([2]) * 32)),
                     step(row(11, quantity=-10**15 - 1)), step(row(1, quantity=1, reason=1), ()),
                     step(row(1, quantity=1, party=bytes([1]) * 32), ()),
                     step(row(1, quantity=1, reason=1, party=bytes([1]) * 32), ()),
                     step(row(1, quantity=1, reason=3, party=bytes([1]) + bytes(31)), ()),
                     step(row(5, 0, parts=[(0, 1)], inputs=1)), step(row(5, 0, parts=[(0, 0)] * 2, inputs=1)),
                     step(row(5, 0), ()), step(row(4, parts=[(0, 1)] * 2, inputs=2), (0, 0)),
                     step(row(4, parts=[(0, 1), (0, 0)], inputs=1)), step(row(4, parts=[(0, 1)] * 2, inputs=0), ()),
                     step(row(4, parts=[(0, 1)] * 129, inputs=64), [0] * 64)):
            self.refused("malformed", self.way(each))

    def test_limits_and_forms(self):
        self.refused("malformed", self.way(*["first"] * 65_537))
        file = self.way(*s.MEAL)
        for name, to in (("steps", None), ("steps", {}), ("steps", [1]), ("steps", ["x"]), ("reversal", None),
                         ("reversal", {}), ("reversal", {"reason": s.b64(bytes(31)), "time": 1}), ("gift", []),
                         ("reversal", {"reason": s.b64(bytes(32)), "time": -1}), ("table", {}), ("record", [])):
            self.refused("malformed", {**file, name: to})
        self.refused("not_included", {**file, "table": CHAIN.table("gifts")})
        self.refused("not_included", {**file, "record": CHAIN.record("lots", 4) | {"ordinal": 5}})
        self.refused("broken_history", {**file, "record": CHAIN.record("lots", 4)})

    def test_a_record_that_a_quorum_bent(self):
        """The event that the record calls its last is the last of the way; the seal is not before it."""
        record = CHAIN.tables["lots"][5]
        for at in (6, 75, 107):
            tables = {**CHAIN.tables, "lots": [*CHAIN.tables["lots"]]}
            tables["lots"][5] = record[:at] + bytes([record[at] ^ 7]) + record[at + 1:]
            chain = s.Chain(tables)
            self.refused("broken_history", chain.way(5, [STEPS[name] for name in s.MEAL]), chain)
        late = s.Hearts()
        late.give("late", 2, 1, s.Hearts.row(1, quantity=5), time=s.TIME + 1)
        chain = s.Chain(late.close().tables)
        self.refused("broken_history", chain.way(0, [late.steps["late"]]), chain)

    def test_a_long_way_takes_no_time(self):
        hearts = s.Hearts()
        for number in range(8_000):
            hearts.give(number, 2, number + 1, s.Hearts.row(1, quantity=10, gift=1))
        for block in range(80):
            lots = [*range(block * 100, block * 100 + 100)]
            hearts.tell(8_000 + block, 2, 8_001 + block, s.Hearts.row(
                4, parts=[(lot, 10) for lot in lots] + [(1, 1000)], inputs=100), lots, made=1)
        pools = [*range(8_000, 8_080)]
        hearts.tell(8_080, 2, 8_081, s.Hearts.row(
            4, parts=[(lot, 1000) for lot in pools] + [(1, 80_000)], inputs=80), pools, made=1)
        table, end = hearts.close().tables["lots"], hearts.steps[8_080]
        steps = [w.read_step(hearts.steps[number]) for number in range(8_081)]
        begun = time.process_time()
        self.assertIsNone(w.fault(steps, 8_080, table[8_080], [], s.TIME))
        self.assertLess(time.process_time() - begun, 20)
        self.assertEqual(struct.unpack_from(">Q", end)[0], 2 << 48 | 8_081)
        self.assertIsNotNone(w.fault(steps[1:], 8_080, table[8_080], [], s.TIME))


if __name__ == "__main__":
    unittest.main()
