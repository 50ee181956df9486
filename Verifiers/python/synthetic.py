"""Makes proof files of a small chain of its own for the tests, with its own keys: one file of each kind that holds."""
import base64
import json
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import tongzhou_verify as v

ORIGIN = "test.example/log"
TIME = 1_800_000_000


def b64(data):
    return base64.b64encode(data).decode()


def key(number):
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def public(private):
    return private.public_key().public_bytes_raw()


def vkey(name, kind, public_key):
    material = bytes([kind]) + public_key
    return f"{name}+{v.sha256(name.encode() + b'%c' % 10 + material)[:4].hex()}+{b64(material)}"


def field(number, value):
    """A protobuf field: bytes or a number."""
    def varint(value):
        return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def range_root(leaves, start, end):
    """The RFC 6962 root over leaf hashes, by its definition."""
    if end - start == 1:
        return leaves[start]
    middle = start + v.split(end - start)
    return v.node(range_root(leaves, start, middle), range_root(leaves, middle, end))


def path_of(leaves, index):
    """Siblings of a leaf, its own first."""
    start, end, path = 0, len(leaves), []
    while end - start > 1:
        middle = start + v.split(end - start)
        if index < middle:
            path.append(range_root(leaves, middle, end))
            end = middle
        else:
            path.append(range_root(leaves, start, middle))
            start = middle
    return path[::-1]


def gaps(leaves, ordinals, start=0, end=None):
    """The hashes that several records need, from left to right."""
    end = len(leaves) if end is None else end
    if end == start:
        return []
    if not any(start <= ordinal < end for ordinal in ordinals):
        return [range_root(leaves, start, end)]
    if end - start == 1:
        return []
    middle = start + v.split(end - start)
    return gaps(leaves, ordinals, start, middle) + gaps(leaves, ordinals, middle, end)


def change(kind, time, amount=0, number=0, c=0):
    return struct.pack(">BqQ32sQq", kind, amount, number, bytes(32), time, c)


def history_of(changes):
    history = bytes(32)
    for item in changes:
        history = v.sha256(b"tongzhou/history/v1\0" + history + item)
    return history


def settlement(plan, number, time, share, c, payers=5, cases=()):
    rows = [struct.pack(">Iq", *case) for case in cases]
    return struct.pack(">HHIQI32s9q2I7qI", plan, 0, number, time, len(rows), v.tree_root(rows), *[0] * 9, payers,
                       payers, share, c, 0, 0, 0, 0, 0, 0)


def membership(changes, plan, exhausts, waiting, covered, status):
    return struct.pack(">20sIHHIq32sQQQBBHIIHBB", bytes(range(20)), 1, plan, 24_000, 7, exhausts,
                       history_of(changes), v.whole(changes[0], 49, 8), waiting, covered, status, 0, 0, 0, 0, 0, 0, 0)


def plan_record(c, settlements):
    record = bytearray(280)
    record[8:16], record[184:188], record[240] = c.to_bytes(8), settlements.to_bytes(4), 1
    return bytes(record)


class Chain:
    """A log of one block whose state has the given tables; every proof file about it."""

    def __init__(self, tables, changes=None):
        self.changes, self.tables = changes, {name: tables.get(name, []) for name in v.LAYOUTS}
        self.id = v.sha256(b"a genesis").hex()
        self.names = sorted(self.tables)
        self.roots = {name: v.tree_root(records) for name, records in self.tables.items()}
        self.state = v.tree_root([self.table_leaf(name) for name in self.names])
        self.logs, self.cosigners = [key(1), key(2)], [key(number) for number in range(11, 15)]
        self.sender, self.failed = key(21), 0
        names = [f"org{place}" for place in range(4)]
        lines = [f"log {vkey(ORIGIN, 1, public(log))}" for log in self.logs]
        lines += [f"witness {name} {vkey(name + '/executor', 4, public(private))}"
                  for name, private in zip(names, self.cosigners)]
        self.policy = "\n".join(lines + [f"group quorum 3 {' '.join(names)}", "quorum quorum", ""])
        self.entry = b"\2" + self.envelope()
        self.close()

    def close(self):
        """Puts the entries into a log and signs its checkpoint."""
        header = field(1, bytes.fromhex(self.id)) + field(3, 9) + field(4, bytes(32)) + field(5, field(
            1, public(self.cosigners[0])) + field(2, TIME) + field(3, bytes(64))) + field(6, 2) + field(7, bytes(32))
        self.header = b"\1" + field(1, header) + field(2, bytes(64))
        batch = v.sha256(b"tongzhou/batch/v1\0" + self.header[1:])
        self.seal = b"\3" + struct.pack(">QQ32s32s32sIIII", 1, TIME, batch, self.state, bytes(32), 2, self.failed, 0, 0)
        self.log = [b"\0a genesis", self.header, b"\2other", self.entry, self.seal, b"\1next", b"\3next"]
        self.leaves = [v.leaf(entry) for entry in self.log]
        self.checkpoint = self.sign(f"{ORIGIN}\n{len(self.log)}\n{b64(range_root(self.leaves, 0, 7))}\n")

    def sign(self, body, cosigners=(0, 1, 2), time=TIME + 5):
        def line(name, kind, private, message, prefix=b""):
            blob = v.sha256(name.encode() + b"\n" + bytes([kind]) + public(private))[:4] + prefix
            return f"— {name} {b64(blob + private.sign(message))}\n"
        lines = [line(ORIGIN, 1, log, body.encode()) for log in self.logs]
        lines += [line(f"org{place}/executor", 4, self.cosigners[place],
                       f"cosignature/v1\ntime {time}\n{body}".encode(), time.to_bytes(8)) for place in cosigners]
        return body + "\n" + "".join(lines)

    def envelope(self, expiry=TIME + 300, sender=None, extra=b"", chain=None, by=None):
        by = by or self.sender
        sender = sender or v.sha256(b"tongzhou/address/v1\0\1" + public(self.sender))[:20]
        body = field(1, chain or bytes.fromhex(self.id)) + field(2, sender) + field(3, expiry) + field(4, bytes(16))
        body += field(5, field(1, b"mutual-aid") + field(2, 5) + field(3, b"payload")) + extra
        signature = by.sign(b"tongzhou/transaction/v1\0" + body)
        return field(1, body) + field(2, field(1, 1) + field(2, public(by)) + field(3, signature))

    def table_leaf(self, name):
        count = len(self.tables[name])
        return struct.pack(">H", len(name)) + name.encode() + struct.pack(">IQ", 1, count) + self.roots[name]

    def table(self, name):
        place, leaves = self.names.index(name), [v.leaf(self.table_leaf(name)) for name in self.names]
        return {"name": name, "version": 1, "count": len(self.tables[name]), "root": b64(self.roots[name]),
                "index": place, "tables": len(self.names), "path": [b64(item) for item in path_of(leaves, place)]}

    def record(self, name, ordinal):
        leaves = [v.leaf(record) for record in self.tables[name]]
        return {"ordinal": ordinal, "record": b64(self.tables[name][ordinal]),
                "path": [b64(item) for item in path_of(leaves, ordinal)]}

    def several(self, name, ordinals):
        leaves = [v.leaf(record) for record in self.tables[name]]
        return {"records": [{"ordinal": at, "record": b64(self.tables[name][at])} for at in ordinals],
                "hashes": [b64(item) for item in (gaps(leaves, ordinals) if ordinals else [])]}

    def seal_proof(self):
        return {"index": 4, "seal": b64(self.seal), "header": b64(self.header), "checkpoint": self.checkpoint,
                "path": [b64(item) for item in path_of(self.leaves, 4)]}

    def file(self, kind, **members):
        return {"format": v.FORMATS[kind][0], "chain": self.id, "seal": self.seal_proof(), **members}

    def receipt(self):
        return self.file("receipt", index=3, entry=b64(self.entry),
                         path=[b64(item) for item in path_of(self.leaves, 3)])

    def state_proof(self, name, ordinal):
        return self.file("state-proof", table=self.table(name), record=self.record(name, ordinal))

    def absence(self, name, key, ordinals):
        return self.file("absence", table=self.table(name), key=b64(key),
                         records=[self.record(name, ordinal) for ordinal in ordinals])

    def statement(self, ordinals, cases=None):
        names = ("memberships", "plans", "settlements")
        file = self.file("statement", tables=[self.table(name) for name in names],
                         membership=self.record("memberships", 1), plan=self.record("plans", 1),
                         settlements=self.several("settlements", ordinals),
                         changes=[b64(item) for item in self.changes])
        return file if cases is None else {**file, "cases": cases}

    def way(self, lot, steps, reversal=None, gift=None):
        file = self.file("way", table=self.table("lots"), record=self.record("lots", lot),
                         steps=[b64(step) for step in steps])
        if reversal:
            file["reversal"] = {"reason": b64(reversal[0]), "time": reversal[1]}
        if gift is not None:
            file["gift"] = {"table": self.table("gifts"), "record": self.record("gifts", gift)}
        return file

    def verify(self, file, **question):
        data = file if isinstance(file, bytes) else json.dumps(file).encode()
        return v.verify(data, self.id, self.policy, **question)


class Hearts:
    """Lots with their histories, as a chain of hearts keeps them: each row is taken up and noted as a step."""

    def __init__(self):
        self.lots, self.histories, self.steps, self.tables = [], [], {}, {}

    @staticmethod
    def row(kind, unit=2, quantity=0, lot=0, time=TIME - 900, gift=0, place=0, other=0, reason=0, project=0,
            evidence=bytes(32), party=bytes(32), parts=(), inputs=0):
        return struct.pack(">BBHIqQIHBBI32s32s", kind, unit, gift, lot, quantity, time, place, other, reason, inputs,
                           project, evidence, party) + b"".join(struct.pack(">Iq", *part) for part in parts)

    @staticmethod
    def hash(purpose, *parts):
        return v.sha256(b"tongzhou/" + purpose + b"/v1\0" + b"".join(parts))

    @staticmethod
    def step(event, time, sources, first, row):
        return struct.pack(">QQIB", event, time, first, len(sources)) + struct.pack(f">{len(sources)}I", *sources) + row

    def tell(self, name, organisation, number, row, sources=(), made=0, time=TIME - 500):
        """An event that changes lots and makes others; its step under a name."""
        event, first = organisation << 48 | number, len(self.lots) if made else 0
        told = self.hash(b"trace-event", event.to_bytes(8), time.to_bytes(8), row)
        for place, lot in enumerate(sources):
            if row[0] == 6 and place:
                self.histories[lot] = self.hash(b"lot-history", self.histories[lot], self.histories[sources[0]])
            self.histories[lot] = self.hash(b"lot-history", self.histories[lot], told)
            self.lots[lot]["event"] = event
        before = b"".join(self.histories[lot] for lot in sources)
        for output in range(made):
            self.histories.append(self.hash(b"lot-origin", told, bytes([output, len(sources)]), before))
            self.lots.append({"event": event, "state": 1, "gift": 0})
        self.steps[name] = self.step(event, time, sources, first, row)

    def give(self, name, organisation, number, row, **more):
        self.tell(name, organisation, number, row, made=1, **more)
        gifts = self.tables.setdefault("gifts", [])
        gifts.append(struct.pack(">32sqqQIHHBBH", row[68:100], 5000, 0, TIME - 500, len(self.lots) - 1, 5, 2,
                                 row[30], 0, 0))
        self.lots[-1]["gift"] = len(gifts)

    def void(self, lot, reason, time):
        taken = self.hash(b"gift-reversal", (self.lots[lot]["gift"] - 1).to_bytes(4), reason, time.to_bytes(8))
        self.histories[lot] = self.hash(b"lot-history", self.histories[lot], taken)
        self.lots[lot]["state"] = 6

    def close(self):
        self.tables["lots"] = [
            struct.pack(">IHBBHHHHIIIqqqqQQ32s", 0, 1, lot["state"], 2, 2, 2, 0, 0, 620_100, 0, lot["gift"], 5000, 900,
                        4000, 100, TIME - 900, lot["event"], history)
            for lot, history in zip(self.lots, self.histories)]
        return self

    @classmethod
    def example(cls):
        """Rice of two givers repacked, boxed with a third lot, sent, unpacked and eaten; and a gift that was void."""
        hearts = cls()
        giver = bytes(range(20)) + bytes(12)
        hearts.give("first", 2, 1, cls.row(1, quantity=5000, gift=1, place=620_100, reason=1, party=giver))
        hearts.give("second", 2, 2, cls.row(1, quantity=3000, gift=1))
        hearts.give("beside", 2, 3, cls.row(1, quantity=900, gift=2))
        hearts.give("wrong", 2, 4, cls.row(1, quantity=70, gift=1))
        parts = [(0, 5000), (1, 2000), (1, 1900), (5, 5000)]
        hearts.tell("repacked", 2, 5, cls.row(4, quantity=100, parts=parts, inputs=2), [0, 1], made=2)
        own = 2**31 + 4 * 256 + 1  # the second that came out of the fifth row of this manifest: lot 5
        hearts.tell("packed", 2, 6, cls.row(5, 0, parts=[(own, 0), (2, 0)], inputs=2), [5, 2], made=1)
        hearts.tell("sent", 2, 7, cls.row(7, 3, lot=2**31 + 5 * 256, other=4), [6])
        hearts.tell("arrived", 4, 1, cls.row(8, 3, 2, lot=6, place=620_500), [6], time=TIME - 400)
        hearts.tell("unpacked", 4, 2, cls.row(6, 0, lot=6, parts=[(5, 0)], inputs=1), [6, 5], time=TIME - 400)
        hearts.tell("eaten", 4, 3, cls.row(9, quantity=4000, lot=5, party=bytes([7]) * 32), [5], time=TIME - 300)
        hearts.tell("kept", 2, 8, cls.row(3, lot=3), [3], time=TIME - 300)
        hearts.void(3, bytes([9]) * 32, TIME - 200)
        return hearts.close()


MEAL = ("first", "second", "beside", "repacked", "packed", "sent", "arrived", "unpacked", "eaten")


def nullifier(key, following, member):
    return key + struct.pack(">II", following, member)


def example():
    """A chain with a membership that was funded, shared in three settlements, ran dry, was made good, and left."""
    changes = [change(1, TIME - 9000, number=7, c=1_000_000), change(2, TIME - 8000, 30_000_000, 1, 1_000_000),
               change(3, TIME - 7000, 5_000_000, 2, 11_000_000), change(4, TIME - 5000, 20_000_000, 3, 41_000_000),
               change(5, TIME - 4000, c=41_000_000), change(6, TIME - 3000, 9_990_000, c=46_004_321),
               change(14, TIME - 2000, c=46_004_321)]
    cases = [(3, 70_000_000), (9, 12_345_678)]
    settlements = [settlement(0, 1, TIME - 7700, 1, 1),
                   settlement(1, 4, TIME - 7500, 10_000_000, 11_000_000, cases=cases),
                   settlement(0, 2, TIME - 7000, 1, 2), settlement(1, 5, TIME - 6800, 0, 11_000_000),
                   settlement(1, 6, TIME - 6000, 30_000_000, 41_000_000), settlement(2, 1, TIME - 5500, 1, 1),
                   settlement(1, 7, TIME - 3500, 5_004_321, 46_004_321), settlement(1, 8, TIME - 1000, 4, 46_004_325)]
    keys = [bytes(32), bytes([40]) * 32, bytes([20]) * 32, bytes([60]) * 32]
    tables = {
        "memberships": [membership(changes, 0, 0, 0, 0, 1),
                        membership(changes, 1, 56_000_000, TIME - 8000, TIME - 5000, 3),
                        membership(changes, 2, 0, 0, 0, 2)],
        "plans": [plan_record(2, 2), plan_record(46_004_325, 8), plan_record(1, 1)], "settlements": settlements,
        "nullifiers": [nullifier(keys[0], 2, 0), nullifier(keys[1], 3, 4), nullifier(keys[2], 1, 0),
                       nullifier(keys[3], 0, 2)],
        "payment_references": [bytes(56)],
        "organisations": [b"org0".ljust(48, b"\0") + bytes(100)]}
    tables |= Hearts.example().tables
    chain = Chain(tables, changes)
    shown = [1, 3, 4, 6, 7]
    rows = b"".join(struct.pack(">Iq", *case) for case in cases)
    return chain, shown, [{"settlement": 1, "rows": b64(rows)}]
