#!/usr/bin/env python3
"""Checks a proof file of a Tongzhou chain, offline: docs/proofs.md as a program, in the order of that page.

It starts from a chain id and a policy that its user already has, and believes nothing else. Integers in bytes are
big-endian; offsets in records are those of docs/state.md.
"""
import base64, bisect, collections, functools, hashlib, json, pathlib, re, sys, zlib
from types import SimpleNamespace
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
import tongzhou_command, tongzhou_way
from tongzhou_command import KINDS, address, clock, yuan  # command line, memory, words: no part in the verdict

class Refused(Exception):
    """The file does not prove what it claims: a code of docs/proofs.md, and why."""
    def __init__(self, code, why):
        self.code, self.why = code, why
def demand(condition, code, why):
    if not condition:
        raise Refused("proof." + code, why)

# --- Files in general -------------------------------------------------------------------------------------------------
def inflate(data, limit):
    """The JSON's bytes. Inflating stops behind the limit, so that a small file cannot fill the memory."""
    try:
        if data[:2] == b"\x1f\x8b":
            stream = zlib.decompressobj(wbits=31)
            data = stream.decompress(data, limit + 1)
            demand(stream.eof and not stream.unused_data, "malformed", "gzip is cut off, too long or followed by more")
    except zlib.error:
        demand(False, "malformed", "broken gzip")
    demand(len(data) <= limit, "malformed", "the file is too long")
    return data
def is_plain(value, depth=0):
    """No null, no half of a character, and at most 16 objects and lists within each other: anywhere in the file."""
    if type(value) in (dict, list):
        return depth < 16 and all(is_plain(item, depth + 1) for item in [*value, *getattr(value, "values", tuple)()])
    return value is not None and not (type(value) is str and re.search("[\ud800-\udfff]", value))
def parse_json(data):
    """One reading only: of two members of one name other programs take the first where this one takes the last."""
    try:  # what may not be becomes None: a member twice, a number that is not whole, in digits, below 2^53
        return json.loads(data.decode(), parse_constant=int, parse_float=lambda _: None,
                          object_pairs_hook=lambda pairs: dict(pairs) if len(dict(pairs)) == len(pairs) else None,
                          parse_int=lambda digits: int(digits) if digits.isdigit() and int(digits) < 2**53 else None)
    except (ValueError, RecursionError):
        demand(False, "malformed", "not JSON in UTF-8")
def unbase64(text):
    """The bytes of canonical base64, else None. Decoders forgive stray bits, so the bytes are encoded again."""
    try:
        data = base64.b64decode(text, validate=True)
        return data if base64.b64encode(data).decode() == text else None
    except (ValueError, TypeError):
        return None
def reader(read, why):
    """A function that reads one kind of member; read gives None for what is of another kind."""
    def member(value):
        demand((found := read(value)) is not None, "malformed", why)
        return found
    return member

number = reader(lambda v: v if type(v) is int else None, "a number is missing")
text = reader(lambda v: v if type(v) is str else None, "a text is missing")
chain_id = reader(lambda v: v if re.fullmatch("[0-9a-f]{64}", text(v)) else None, "a chain id has 64 hex digits")
octets = reader(unbase64, "bytes are not canonical base64")
digest = reader(lambda v: v if len(v := octets(v)) == 32 else None, "a hash has 32 bytes")
path = reader(lambda v: [*map(digest, v)] if type(v) is list and len(v) < 64 else None, "a path has at most 63 hashes")

def shaped(value, shape):
    """Reads by a shape: a function above, [shape] for a list, a dict for an object."""
    if callable(shape):
        return shape(value)
    demand(type(value) is type(shape), "malformed", "a list or an object is missing")
    if type(shape) is list:
        return [shaped(item, shape[0]) for item in value]
    # A member that is missing is None, which no member may be.
    return SimpleNamespace(**{name: shaped(value.get(name), part) for name, part in shape.items()})

# --- Hash trees (RFC 6962) and signatures (RFC 8032) ------------------------------------------------------------------
def sha256(data): return hashlib.sha256(data).digest()
def leaf(data): return sha256(b"\0" + data)
def node(left, right): return sha256(b"\1" + left + right)
def split(size): return 1 << (size - 1).bit_length() - 1  # the leaves on the left: the largest power of two below size

def tree_root(leaves):
    if len(leaves) < 2:
        return leaf(leaves[0]) if leaves else sha256(b"")
    return node(tree_root(leaves[:split(len(leaves))]), tree_root(leaves[split(len(leaves)):]))
def root_by_path(below, index, size, path):
    """The root to which a leaf's hash and a path, its sibling first, lead; None if the path has another length."""
    if size <= 1 or not path:
        return below if (index, size) == (0, 1) and not path else None
    left, right = split(size), index >= split(size)
    child = root_by_path(below, index - left * right, size - left if right else left, path[:-1])
    return child and (node(path[-1], child) if right else node(child, path[-1]))

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826  # y of a point of order 8
SMALL_ORDER = {0, 1, P - 1, ORDER_8, P - ORDER_8}
def y_of(point): return int.from_bytes(point, "little") % 2**255  # the highest bit is the sign of x

def is_key(key):
    """With a key of small order anyone signs anything, and a key in two forms would pass for two keys."""
    return len(key) == 32 and y_of(key) < P and y_of(key) not in SMALL_ORDER
def is_signed(key, signature, message):
    """Ed25519 without cofactor, canonical forms only. OpenSSL sees to R and S too; here nobody has to believe it."""
    canonical = len(signature) == 64 and y_of(signature[:32]) < P and int.from_bytes(signature[32:], "little") < L
    try:
        return canonical and is_key(key) and Ed25519PublicKey.from_public_bytes(key).verify(signature, message) is None
    except (InvalidSignature, ValueError):
        return False

# --- Policy and checkpoint (C2SP tlog-policy, signed-note, tlog-checkpoint, tlog-cosignature) -------------------------
Key = collections.namedtuple("Key", "name id type public")
LOG, COSIGNER = 1, 4  # the types of keys that are checked here; lines by a key of another type say nothing
def is_name(name): return re.fullmatch(r"[^\s+\0-\x1f]+", name) and len(name.encode()) <= 255

def read_key(vkey):
    name, written, encoded = (vkey.split("+", 2) + ["", ""])[:3]
    material = unbase64(encoded) or b"\0"
    found = sha256(name.encode() + b"\n" + material)[:4]
    if not is_name(name) or written != found.hex() or material[0] in (LOG, COSIGNER) and not is_key(material[1:]):
        raise ValueError("the policy has a key that does not read, or is of small order or not canonical")
    return Key(name, found, material[0], material[1:])
def read_policy(policy_text):
    """Logs; witnesses by name; groups by name, in their order; the name of the quorum."""
    logs, witnesses, groups, quorum = [], {}, {}, None
    for line in policy_text.split("\n"):
        defined = {*witnesses, *groups}
        match line.split():
            case ["log", key] | ["log", key, _]:
                logs.append(read_key(key))
            case ["witness", name, key] | ["witness", name, key, _] if name not in defined | {"none"}:
                witnesses[name] = read_key(key)
            case ["group", name, size, *members] if name not in defined | {"none"} and defined.issuperset(members):
                groups[name] = ({"all": len(members), "any": 1}.get(size) or int(size), members)
            case ["quorum", name] if quorum is None and name in defined | {"none"}:
                quorum = name
            case [word, *_] if not word.startswith("#"):
                raise ValueError(f"the policy has a line that does not read: {word}")
    keys, members = logs + list(witnesses.values()), [name for _, names in groups.values() for name in names]
    good = all(key.type != COSIGNER for key in logs) and all(key.type not in (1, 2, 5) for key in witnesses.values())
    good = good and len({key.public for key in keys}) == len(keys) and len(set(members)) == len(members)
    if quorum is None or not good or not all(1 <= size <= len(names) for size, names in groups.values()):
        raise ValueError("the policy has no quorum, a size that no group has, or a key or name twice or out of place")
    return SimpleNamespace(logs=logs, witnesses=witnesses, groups=groups, quorum=quorum)
def read_note(note):
    """Text and signature lines (name, key ID, signature) of a signed note."""
    found = re.fullmatch(r"(.*\n)\n((?:— \S+ \S+\n){1,100})", note, re.DOTALL)
    good = found and not re.search(r"[\0-\x09\x0b-\x1f]", note) and len(note.encode()) <= 1_000_000
    demand(good, "no_quorum", "the checkpoint is no signed note")
    lines = [(name, unbase64(blob) or b"") for name, blob in re.findall(r"— (\S+) (\S+)\n", found[2])]
    good = all(is_name(name) and len(blob) > 4 for name, blob in lines)
    good = good and len({(name, blob[:4]) for name, blob in lines}) == len(lines)
    demand(good, "no_quorum", "a signature line does not read, or two are by one key")
    return found[1], [(name, blob[:4], blob[4:]) for name, blob in lines]
def signers(body, signatures, keys):
    """The keys of the policy that signed. A line by a key of the policy that does not verify spoils the checkpoint."""
    valid = set()
    for name, key_id, signature in signatures:
        known = [key for key in keys if (key.name, key.id) == (name, key_id)]  # name or ID alone is no match
        demand(len(known) < 2, "no_quorum", "two keys of the policy fit one line")
        for key in known:
            message, time = body.encode(), int.from_bytes(signature[:8])
            if key.type == COSIGNER:
                message, signature = b"cosignature/v1\ntime %d\n" % time + message, signature[8:]
            if key.type in (LOG, COSIGNER):
                good = is_signed(key.public, signature, message) and (key.type == LOG or time < 2**63)
                demand(good, "no_quorum", "a signature by a key of the policy is false")
                valid.add(key)
    return valid
def check_checkpoint(note, policy):
    """Origin, size and root of a checkpoint that fulfils the policy."""
    body, signatures = read_note(note)
    found = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\n(?:[^\n]+\n)*", body)
    demand(found, "no_quorum", "a checkpoint is origin, size, root and perhaps more lines, none of them empty")
    origin, size, root = found[1], int(found[2]), unbase64(found[3]) or b""
    good = size < 2**63 and len(root) == 32 and (size > 0 or root == sha256(b""))
    demand(good, "no_quorum", "size or root of the checkpoint cannot be")
    valid = signers(body, signatures, policy.logs + list(policy.witnesses.values()))
    demand(any(key in valid and key.name == origin for key in policy.logs), "no_quorum", "no log of the policy signed")
    given = {"none"} | {name for name, key in policy.witnesses.items() if key in valid}
    for name, (size_needed, members) in policy.groups.items():  # a group names only what stands before it
        given |= {name} if len(given.intersection(members)) >= size_needed else set()
    demand(policy.quorum in given, "no_quorum", "too few organisations of the policy have cosigned")
    return {"origin": origin, "size": size, "root": root.hex()}

# --- Messages (Protos/Ledger/ledger.proto) ----------------------------------------------------------------------------
def varint(data, at, code):
    value = 0
    for shift, byte in zip(range(0, 70, 7), data[at:at + 10]):
        value |= (byte & 127) << shift
        if byte < 128:
            return value % 2**64, at + shift // 7 + 1
    demand(False, code, "a number of a message is cut off or too long")
def message(data, code):
    """Lists of values by field number and wire type (0 numbers, 2 bytes). Fields that nobody asks for are passed over,
    as protobuf does, which also takes a known number with another wire type for unknown."""
    found, groups, at = collections.defaultdict(list), [], 0
    while at < len(data):
        tag, at = varint(data, at, code)
        field, wire, value = tag >> 3, tag & 7, None
        good = field > 0 and tag < 2**32 - 1 and wire < 6 and (wire != 4 or groups and groups.pop() == field)
        demand(good and len(groups) <= 100, code, "a message has a field that cannot be")
        if wire in (0, 2):
            value, at = varint(data, at, code)
        if wire == 2:
            value, at = data[at:at + value], at + value
        if wire == 3:
            groups.append(field)
        at += {1: 8, 5: 4}.get(wire, 0)
        if not groups:
            found[field, wire].append(value)
    demand(at == len(data) and not groups, code, "a message is cut off")
    return found
def last(fields, field): return (fields[field, 2] or [b""])[-1]
def last_number(fields, field, bits=64): return (fields[field, 0] or [0])[-1] % 2**bits

# --- Seal proof -------------------------------------------------------------------------------------------------------
SEAL = {"index": number, "seal": octets, "header": octets, "path": path, "checkpoint": text}
LATEST = 253_402_300_799  # the end of the year 9999: nobody signs a later time
def whole(record, at, size=4): return int.from_bytes(record[at:at + size])
def signed(record, at): return int.from_bytes(record[at:at + 8], signed=True)

def read_header(entry):
    """Chain id and number of entries that a header names."""
    header = message(last(message(entry[1:], "malformed"), 1), "malformed")
    good = entry[:1] == b"\1" and len(entry) <= 65_535 and not header[9, 2]
    good = good and all(len(last(header, field)) == 32 for field in (1, 4, 7))
    for part in [message(part, "malformed") for part in header[5, 2]]:
        good = good and is_key(last(part, 1)) and last_number(part, 2) <= LATEST and len(last(part, 3)) == 64
    demand(good, "malformed", "the header does not read")
    return last(header, 1).hex(), last_number(header, 6, bits=32)

def demand_entry(entry, index, path, checkpoint):
    found = root_by_path(leaf(entry), index, checkpoint["size"], path) or b""
    demand(found.hex() == checkpoint["root"], "not_included", f"entry {index} is not where the file says it is")

def check_seal(proof, chain, policy):
    """What the seal of a block says, and which entries of the log the block has."""
    checkpoint, seal = check_checkpoint(proof.checkpoint, policy), proof.seal
    demand(len(seal) == 129 and seal[0] == 3, "malformed", "the seal does not read")
    demand_entry(seal, proof.index, proof.path, checkpoint)
    header_chain, count = read_header(proof.header)
    batch = sha256(b"tongzhou/batch/v1\0" + proof.header[1:])
    demand(batch == seal[17:49] and count < proof.index, "not_included", "the header is not that of the seal's block")
    demand(header_chain == chain, "wrong_chain", f"the block is of chain {header_chain}")
    return SimpleNamespace(height=whole(seal, 1, 8), time=whole(seal, 9, 8), state=seal[49:81], failed=whole(seal, 117),
                           entries=range(proof.index - count, proof.index), checkpoint=checkpoint)

# --- Receipt ----------------------------------------------------------------------------------------------------------
RECEIPT = {"chain": chain_id, "index": number, "entry": octets, "path": path, "seal": SEAL}

def check_receipt(file, block, question):
    demand(file.index in block.entries and file.entry[:1] == b"\2", "not_included", "no transaction of the block")
    demand_entry(file.entry, file.index, file.path, block.checkpoint)
    sender, asked = check_transaction(file.entry, file.chain, block.time, question.key)
    result = "let it through" if block.failed == 0 else "may have refused it: some in the block failed"
    words = [f"Entry {file.index} of the log is a transaction by {sender}: {asked}; the contract {result}"]
    return {"index": file.index, "transaction": sha256(file.entry[1:]).hex(), "sender": sender, "asked": asked,
            "succeeded": block.failed == 0 or None, "words": words}

def check_transaction(entry, chain, time, known_key):
    """Sender, and what she asks for. A log also holds transactions that fail here; no block carries them out."""
    read = functools.partial(message, code="refused")
    envelope = read(entry[1:])
    body, signatures = read(last(envelope, 1)), [read(part) for part in envelope[2, 2]]
    # A message inside another that stands in several parts is one: each reads, and so do their bytes together.
    actions, manifests = [read(part) for part in body[5, 2]], [read(part) for part in body[6, 2]]
    action, manifest = read(b"".join(body[5, 2])), read(b"".join(body[6, 2]))
    names = [name.decode(errors="ignore").encode() == name for part in actions for name in part[1, 2]]
    demand(len(entry) <= 65_535 and actions and all(names) and 1 <= len(signatures) <= 8, "refused", "not an envelope")
    demand(last(body, 1).hex() == chain, "refused", "it was meant for another chain")
    sender, rows = last(body, 2), len(last(manifest, 2)) == 32 and last_number(manifest, 1, bits=32) > 0
    good = len(sender) == 20 and len(last(body, 4)) == 16 and len(last(action, 1)) <= 32 and (rows or not manifests)
    demand(good, "refused", "sender, id, contract or manifest are of no known form")
    for part in signatures:
        good = is_signed(last(part, 2), last(part, 3), b"tongzhou/transaction/v1\0" + last(envelope, 1))
        demand(good and last_number(part, 1, bits=32) == 1, "refused", "a signature does not verify")
    first = last(signatures[0], 2)
    hers = sha256(b"tongzhou/address/v1\0\1" + first)[:20] == sender or first == known_key
    demand(hers, "refused", "signed by somebody else than its sender")
    demand(time <= last_number(body, 3) <= min(time + 600, LATEST), "refused", "its expiry does not fit the block")
    return address(sender), f"action {last_number(action, 2, bits=32)} of {last(action, 1).decode()!a}"

# --- Records of the state ---------------------------------------------------------------------------------------------
TABLE = {**dict.fromkeys(("version", "count", "index", "tables"), number), "name": text, "root": digest, "path": path}
RECORD = {"ordinal": number, "record": octets, "path": path}
SEVERAL = {"records": [{"ordinal": number, "record": octets}], "hashes": [digest]}
# Of each table the bytes of a record, and rules: from which byte on how many have at least and at most which value.
LAYOUTS = {name: (int(width), [[*map(int, rule.split(","))] for rule in rules]) for name, width, *rules in map(
    str.split, pathlib.Path(__file__).with_name("layouts.txt").read_text().split("\n")[3:-1])}

def check_table(table, name, state):
    above = len(name).to_bytes(2) + name.encode() + (1).to_bytes(4) + table.count.to_bytes(8) + table.root
    found = root_by_path(leaf(above), table.index, table.tables, table.path)
    demand(table.name == name in LAYOUTS and table.version == 1 and found == state, "not_included", f"no table {name}")

def canonical(entry, name):
    """A record's bytes, where its fields give the same bytes again."""
    good = name != "organisations" or 0 not in entry.record[:48].rstrip(b"\0")
    for at, size, low, high in LAYOUTS[name][1]:
        good = good and all(low <= byte <= high for byte in entry.record[at:at + size])
    demand(good, "malformed", f"record {entry.ordinal} of {name} is not in canonical form")
    return entry.record

def check_record(entry, table):
    """A record with a path of its own."""
    good = len(entry.record) == LAYOUTS[table.name][0]
    good = good and root_by_path(leaf(entry.record), entry.ordinal, table.count, entry.path) == table.root
    demand(good, "not_included", f"record {entry.ordinal} of {table.name} is not in the state")
    return canonical(entry, table.name)

def check_several(records, hashes, table):
    """Several records under one proof. Each step takes a record or a hash, so the file's length bounds the work."""
    ordinals, hashes, width = [entry.ordinal for entry in records], hashes[::-1], LAYOUTS[table.name][0]
    ascending = all(a < b for a, b in zip(ordinals, ordinals[1:] + [table.count]))
    demand(ascending and all(len(entry.record) == width for entry in records), "not_included", "records not in order")
    def root(start, end, first, behind):  # records[first:behind] are those from start to end - 1
        if first == behind:
            demand(hashes, "not_included", "a hash is missing")
            return hashes.pop()
        if end - start == 1:
            return leaf(records[first].record)
        middle = start + split(end - start)
        cut = bisect.bisect_left(ordinals, middle, first, behind)
        return node(root(start, middle, first, cut), root(middle, end, cut, behind))
    found = root(0, table.count, 0, len(records)) if records else table.root  # without records nothing is claimed
    demand(found == table.root and not hashes, "not_included", f"records of {table.name} are not in the state")
    return [canonical(entry, table.name) for entry in records]

# --- State proof and absence ------------------------------------------------------------------------------------------
STATE_PROOF = {"chain": chain_id, "table": TABLE, "record": RECORD, "seal": SEAL}
ABSENCE = {"chain": chain_id, "table": TABLE, "key": digest, "records": [RECORD], "seal": SEAL}

def check_state_proof(file, block, question):
    check_table(file.table, question.table, block.state)
    demand(file.record.ordinal == question.ordinal, "not_included", "it is about another record")
    record = check_record(file.record, file.table).hex()
    return {"table": question.table, "ordinal": question.ordinal, "record": record,
            "words": [f"Record {question.ordinal} of {file.table.count} in {question.table}: {record}"]}

def check_absence(file, block, question):
    demand(len(file.records) in (1, 2) and any(file.key), "malformed", "one record or two, and a key not all zero")
    what = {"nullifiers": "live membership of the person with nullifier",
            "payment_references": "payment of the last 90 days with the reference key"}.get(file.table.name)
    demand(what, "not_included", "a table that shows no absence")
    check_table(file.table, file.table.name, block.state)
    first, *second = [check_record(entry, file.table) for entry in file.records]
    absent = file.records[0].ordinal == 0 or first[:32] < file.key  # record 0 is the sentinel, below every key
    if second:
        absent = absent and whole(first, 32) == file.records[1].ordinal != 0 and second[0][:32] > file.key
    else:
        ended = file.table.name == "nullifiers" and first[:32] == file.key and whole(first, 36) == 0
        absent = ended or absent and whole(first, 32) == 0
    demand(absent, "not_included", "the records do not show that the key is absent")
    return {"table": file.table.name, "key": file.key.hex(), "words": [f"There was no {what} {file.key.hex()}"]}

# --- Way --------------------------------------------------------------------------------------------------------------
step = reader(lambda v: tongzhou_way.read_step(octets(v)), "a step of no known form")
steps = reader(lambda v: [*map(step, v)] if type(v) is list and len(v) <= tongzhou_way.MOST_STEPS else None,
               "a way has at most 65,536 steps")
WAY = {"chain": chain_id, "table": TABLE, "record": RECORD, "steps": steps, "seal": SEAL,
       "reversal": [{"reason": digest, "time": number}], "gift": [{"table": TABLE, "record": RECORD}]}

def check_way(file, block, question):
    check_table(file.table, "lots", block.state)
    lot, record = file.record.ordinal, check_record(file.record, file.table)
    words = [f"Lot {lot}: {tongzhou_way.life(record)}", *check_gift(file, record, block.state)]
    fault = tongzhou_way.fault(file.steps, lot, record, file.reversal, block.time)
    demand(not fault, "broken_history", fault)
    words += [tongzhou_way.words(step, clock) for step in file.steps]
    words += [f"{clock(each.time)}  its gift was taken back, reason {each.reason.hex()}" for each in file.reversal]
    # What does not build on each other may stand in either order, and numbers of lots that no row names are only names.
    events = sorted((step.event, step.time, step.row.hex()) for step in file.steps)
    return {"lot": lot, "record": record.hex(), "events": events,
            "reversal": [(each.reason.hex(), each.time) for each in file.reversal], "words": words}

def check_gift(file, lot, state):
    for gift in file.gift:
        check_table(gift.table, "gifts", state)
        record = check_record(gift.record, gift.table)
        good = gift.table.tables == file.table.tables and gift.record.ordinal == whole(lot, 24) - 1
        good = good and not record[65] and whole(record, 56) == file.record.ordinal
        demand(good, "not_included", "the lot did not begin as this gift")
        yield f"It began as gift {gift.record.ordinal}, which brought {signed(record, 32)} hearts"

# --- Statement --------------------------------------------------------------------------------------------------------
change = reader(lambda v: v if len(v := octets(v)) == 65 and 1 <= v[0] <= 18 else None, "a change of no known form")
STATEMENT = {"chain": chain_id, "seal": SEAL, "tables": [TABLE], "membership": RECORD, "plan": RECORD,
             "settlements": SEVERAL, "changes": [change], "cases": [{"settlement": number, "rows": octets}],
             "reserve": [{"table": TABLE, "record": RECORD}]}

def check_statement(file, block, question):
    demand(len(file.tables) == 3, "malformed", "a statement has three tables")
    (a, b, c), sizes = (table.index for table in file.tables), {table.tables for table in file.tables}
    demand(a < b < c and len(sizes) == 1, "not_included", "the tables are not of one state")
    for table, name in zip(file.tables, ("memberships", "plans", "settlements")):
        check_table(table, name, block.state)
    member, plan = check_record(file.membership, file.tables[0]), check_record(file.plan, file.tables[1])
    settled = check_several(file.settlements.records, file.settlements.hashes, file.tables[2])
    demand(whole(member, 24, 2) == file.plan.ordinal, "not_included", "the membership is in another plan")
    history = bytes(32)
    for change in file.changes:
        history = sha256(b"tongzhou/history/v1\0" + history + change)
    demand(file.changes and history == member[40:72], "broken_history", "the changes do not give the history")
    replay = Replay(file.changes, file.plan.ordinal, settled)
    replay.compare(member, plan, block.time)
    cases = check_cases(file.cases, {entry.ordinal: entry.record for entry in file.settlements.records})
    words = [f"Membership {file.membership.ordinal}, number {whole(member, 28)} of plan {file.plan.ordinal}"]
    words += [f"{clock(time)}  {yuan(amount):>12}  balance {yuan(balance):>12}  {what}"
              for time, amount, balance, what in map(dict.values, replay.events)]
    words += [f"Settlement {case['settlement']}: case {case['case']}, {yuan(case['aid'])} yuan" for case in cases]
    words += check_reserve(file, block.state)
    return {"membership": file.membership.ordinal, "plan": file.plan.ordinal, "balance": replay.balance,
            "events": replay.events, "cases": cases, "words": words}

class Replay:
    """Walks through changes and settlements as the ledger made them; stops at the first that it cannot have made."""
    number, exhausts, waiting, covered, ended = None, 0, 0, 0, False
    def __init__(self, changes, plan, settled):
        join, rest = changes[0], collections.deque(settled)
        self.plan, self.join, self.events = plan, (whole(join, 9, 8), whole(join, 49, 8)), []
        self.step(whole(join, 49, 8), signed(join, 57), 0, KINDS[1])
        demand(join[0] == 1 and signed(join, 1) == 0 and self.c >= 0, "broken_history", "the join does not come first")
        demand(not rest or signed(rest[0], 132) > 0, "broken_shares", "the first settlement shown takes no share")
        for change in changes[1:]:
            c, time = signed(change, 57), whole(change, 49, 8)
            # A settlement without a share leaves C as it is; then time tells which was first.
            while rest and (signed(rest[0], 140), whole(rest[0], 8, 8)) <= (c, time):
                self.settle(rest.popleft())
            self.change(change[0], signed(change, 1), c, time)
        for settlement in rest:
            self.settle(settlement)

    def step(self, time, c, amount, what):
        self.time, self.c = time, c
        self.events.append({"time": time, "amount": amount, "balance": self.balance, "what": what})

    @property
    def balance(self): return max(0, self.exhausts - self.c) if self.waiting and not self.ended else 0

    def settle(self, record):
        number, time, share, c = whole(record, 4), whole(record, 8, 8), signed(record, 132), signed(record, 140)
        good = whole(record, 0, 2) == self.plan and self.number in (None, number - 1) and share >= 0
        good = good and c == self.c + share and time >= self.time
        demand(good, "broken_shares", f"settlement {number} does not follow what was before")
        self.number, what = number, f"settlement {number}: {whole(record, 124)} payers, a share of {yuan(share)}"
        self.step(time, c, -min(self.balance, share), what)

    def change(self, kind, amount, c, time):
        def need(condition, why):
            demand(condition, "broken_history", f"change of kind {kind} at {time}: {why}")
        before = self.balance
        need(c == self.c and time >= self.time, "C was another then, or time went back")
        need(kind > 1 and (not self.ended or 8 <= kind <= 16), "a second join, or the membership had ended")
        good = {2: amount > 0, 3: amount > 0, 4: amount > 0, 7: 0 < amount <= before, 18: amount >= 0,
                6: amount == before - before % 10_000}  # the balance goes back in whole fen
        need(good.get(kind, amount == 0), "its amount cannot be")
        if kind in (2, 3, 4):
            need((before > 0) == (kind == 3) and (kind != 4 or self.waiting), "a deposit of another kind")
            self.exhausts = (c if kind == 2 else self.exhausts) + amount
            self.waiting = time if kind == 2 else self.waiting
            self.covered = self.covered if kind == 3 else time
            need(self.exhausts < 2**63 and (kind != 4 or self.balance > 0), "less than was missed, or too much")
        self.exhausts -= amount if kind == 7 else 0
        self.ended = self.ended or kind == 6
        self.step(time, c, -amount if kind in (6, 7) else amount, KINDS[kind])

    def compare(self, member, plan, time):
        led = self.c == signed(plan, 8) and self.number in (None, whole(plan, 184))
        demand(led, "broken_shares", "the settlements do not lead to the plan's cumulative share")
        good = self.join == (whole(member, 28), whole(member, 72, 8)) and self.exhausts == signed(member, 32)
        good = good and (self.waiting, self.covered) == (whole(member, 80, 8), whole(member, 88, 8))
        good = good and self.ended == (member[96] == 3) and self.time <= time
        demand(good, "broken_history", "the changes do not give the membership's record")

def check_cases(cases, shown):
    opened = []
    for case in cases:
        demand(len(case.rows) % 12 == 0, "malformed", "a case has 12 bytes")
        record, rows = shown.get(case.settlement), [case.rows[at:at + 12] for at in range(0, len(case.rows), 12)]
        good = record and len(case.rows) == 12 * whole(record, 16) and tree_root(rows) == record[20:52]
        demand(good, "broken_shares", "the cases are not those of a settlement that is shown")
        opened += [{"settlement": whole(record, 4), "case": whole(row, 0), "aid": signed(row, 4)} for row in rows]
    return opened

def check_reserve(file, state):
    for reserve in file.reserve:
        check_table(reserve.table, "reserve_statements", state)
        record = check_record(reserve.record, reserve.table)
        good = reserve.table.tables == file.tables[0].tables and whole(record, 0, 2) == file.plan.ordinal
        demand(good, "not_included", "the custodian's statement is of another plan or state")
        yield f"The custodian said of {clock(whole(record, 8, 8))} that it holds {yuan(signed(record, 24))} yuan"

# --- The whole --------------------------------------------------------------------------------------------------------
FORMATS = {"receipt": ("tongzhou-receipt/v1", 2_000_000, RECEIPT, check_receipt),
           "statement": ("tongzhou-statement/v2", 64_000_000, STATEMENT, check_statement),
           "state-proof": ("tongzhou-state-proof/v1", 2_000_000, STATE_PROOF, check_state_proof),
           "absence": ("tongzhou-absence/v1", 2_000_000, ABSENCE, check_absence),
           "way": ("tongzhou-way/v1", 32_000_000, WAY, check_way)}

def verify(data, chain, policy_text, kind=None, table=None, ordinal=None, key=None):
    """What a file proves, as a dict. Raises Refused, and ValueError where policy, chain or question do not read.
    kind: of FORMATS, any if None; table, ordinal: what a state proof shall be about; key: one that the verifier knows
    to stand for a receipt's sender in place of her first."""
    policy = read_policy(policy_text)
    if not re.fullmatch("[0-9a-f]{64}", chain):
        raise ValueError("a chain id has 64 lower-case hexadecimal digits")
    plain = inflate(data, 64_000_000)
    value = parse_json(plain)
    good = type(value) is dict and is_plain(value)
    demand(good, "malformed", "no object, or null, a member twice, half a character, no whole number, or too deep")
    known = [name for name in FORMATS if kind in (None, name) and FORMATS[name][0] == value.get("format")]
    demand(known, "malformed", "not a file of a kind and version that is checked here")
    kind, (_, limit, shape, check) = known[0], FORMATS[known[0]]
    demand(len(plain) <= limit, "malformed", "the file is too long")
    alone = ("reserve", "reversal", "gift")  # may be left out, as may cases
    value = {"cases": [], **value, **{name: [value[name]] if name in value else [] for name in alone}}
    file = shaped(value, shape)
    if kind == "state-proof" and (table not in LAYOUTS or ordinal is None):
        raise ValueError("a state proof answers a question: name a table and an ordinal")
    demand(file.chain == chain, "wrong_chain", f"the file is of chain {file.chain}")
    block = check_seal(file.seal, chain, policy)
    found = check(file, block, SimpleNamespace(table=table, ordinal=ordinal, key=key))
    found["words"].append(f"This stands in block {block.height} of {clock(block.time)}, under a quorum of the policy")
    return {"kind": kind, "chain": chain, "height": block.height, "time": block.time, "checkpoint": block.checkpoint,
            **found}

if __name__ == "__main__":
    sys.exit(tongzhou_command.main(verify, Refused, FORMATS))
