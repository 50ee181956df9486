#!/usr/bin/env python3
"""Checks a proof file of a Tongzhou chain, offline: docs/proofs.md as a program, in the order of that page.

It starts from a chain id and a policy that its user already has, and believes nothing else. Integers in bytes are
big-endian; offsets in records are those of docs/state.md.
"""
import argparse, base64, bisect, collections, datetime, hashlib, json, os, pathlib, re, sys, tempfile, zlib
from types import SimpleNamespace
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

class Refused(Exception):
    """The file does not prove what it claims: a code of docs/proofs.md, and why."""
    def __init__(self, code, why):
        self.code, self.why = "proof." + code, why

class Unusable(ValueError):
    """What the verifier starts from (policy, chain id, question, memory) does not read: no file is judged by it."""

def demand(condition, code, why):
    if not condition:
        raise Refused(code, why)

# --- Files in general -------------------------------------------------------------------------------------------------
def inflate(data, limit):
    """The JSON's bytes. Inflating stops behind the limit, so that a small file cannot fill the memory."""
    if data[:2] == b"\x1f\x8b":
        try:
            stream = zlib.decompressobj(wbits=31)
            data = stream.decompress(data, limit + 1)
            demand(len(data) > limit or stream.eof and not stream.unused_data, "malformed", "gzip is cut off, or goes on")
        except zlib.error:
            raise Refused("malformed", "broken gzip") from None
    demand(len(data) <= limit, "malformed", "the file is too long")
    return data

def parse_json(data):
    """One reading only: of two members of one name other programs take the first where this one takes the last."""
    def members(pairs):
        demand(len(dict(pairs)) == len(pairs), "malformed", "a member stands twice")
        return dict(pairs)
    try:  # a number that is not written in digits becomes None or a float, which no member may be; NaN is no JSON
        return json.loads(data.decode(), object_pairs_hook=members, parse_constant=int,
                          parse_int=lambda digits: int(digits) if digits.isdigit() and len(digits) < 17 else None)
    except (ValueError, RecursionError):
        raise Refused("malformed", "not JSON in UTF-8") from None

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
        found = read(value)
        demand(found is not None, "malformed", why)
        return found
    return member

number = reader(lambda v: v if type(v) is int and v < 2**53 else None, "a number is not whole, from 0 to 2^53 - 1")
text = reader(lambda v: v if type(v) is str and not re.search("[\ud800-\udfff]", v) else None, "a text is none")
chain_id = reader(lambda v: v if re.fullmatch("[0-9a-f]{64}", text(v)) else None, "a chain id has 64 hex digits")
octets = reader(unbase64, "bytes are not canonical base64")
digest = reader(lambda v: v if len(v := octets(v)) == 32 else None, "a hash has 32 bytes")
path = reader(lambda v: [*map(digest, v)] if type(v) is list and len(v) < 64 else None, "a path has at most 63 hashes")

def shaped(value, shape):
    """Reads by a shape: a function above, [shape] for a list, a dict for an object ("name?" may be absent)."""
    if callable(shape):
        return shape(value)
    demand(type(value) is type(shape), "malformed", "a list or an object is missing")
    if type(shape) is list:
        return [shaped(item, shape[0]) for item in value]
    for name in shape:
        demand(name in value or name.endswith("?"), "malformed", f"{name} is missing")
    parts = {name.rstrip("?"): part for name, part in shape.items()}
    return SimpleNamespace(**{name: shaped(value[name], part) if name in value else [] for name, part in parts.items()})

# --- Hash trees (RFC 6962) and signatures (RFC 8032) ------------------------------------------------------------------
def sha256(data): return hashlib.sha256(data).digest()
def leaf(data): return sha256(b"\0" + data)
def node(left, right): return sha256(b"\1" + left + right)
def split(size): return 1 << (size - 1).bit_length() - 1  # the leaves on the left: the largest power of two below size

def tree_root(leaves):
    level = [leaf(data) for data in leaves] or [sha256(b"")]
    while len(level) > 1:  # a node without a partner goes up as it is
        level = [node(*level[at:at + 2]) if at + 1 < len(level) else level[at] for at in range(0, len(level), 2)]
    return level[0]

def root_by_path(below, index, size, path):
    """The root to which a leaf's hash and a path, its sibling first, lead; None if the path has another length."""
    if size <= 1 or not path:
        return below if (index, size) == (0, 1) and not path else None
    left = split(size)
    if index < left:
        child = root_by_path(below, index, left, path[:-1])
        return child and node(child, path[-1])
    child = root_by_path(below, index - left, size - left, path[:-1])
    return child and node(path[-1], child)

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
    if not canonical or not is_key(key):
        return False
    try:
        return Ed25519PublicKey.from_public_bytes(key).verify(signature, message) is None
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
        raise Unusable("the policy has a key that does not read, or is of small order or not canonical")
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
                raise Unusable(f"the policy has a line that does not read: {word}")
    keys = [key.public for key in logs + list(witnesses.values())]
    grouped = [member for _, members in groups.values() for member in members]
    fit = all(key.type == LOG for key in logs) and all(key.type not in (1, 2, 5) for key in witnesses.values())
    if quorum is None or not fit or not all(1 <= size <= len(members) for size, members in groups.values()):
        raise Unusable("the policy has no quorum line, a key in a wrong place, or a group that asks for too many")
    if len(set(keys)) < len(keys) or len(set(grouped)) < len(grouped):
        raise Unusable("the policy has a key or a member twice: it would count twice")
    return SimpleNamespace(logs=logs, witnesses=witnesses, groups=groups, quorum=quorum)

def read_note(note):
    """Text and signature lines (name, key ID, signature) of a signed note."""
    body, blank, lines = note.rpartition("\n\n")
    good = blank and lines.endswith("\n") and len(note.encode()) <= 1_000_000
    demand(good and not re.search(r"[\0-\x09\x0b-\x1f]", note), "no_quorum", "the checkpoint is no signed note")
    signatures = []
    for line in lines[:-1].split("\n"):
        dash, name, blob, *more = line.split(" ") + ["", ""]
        data = unbase64(blob) or b""
        good = (dash, more) == ("—", ["", ""]) and is_name(name) and len(data) > 4
        demand(good, "no_quorum", "a signature line does not read")
        signatures.append((name, data[:4], data[4:]))
    distinct = len({line[:2] for line in signatures}) == len(signatures)
    demand(distinct and len(signatures) <= 100, "no_quorum", "two lines by one key, or more than 100 lines")
    return body + "\n", signatures

def signers(body, signatures, keys):
    """The keys of the policy that signed. A line by a key of the policy that does not verify spoils the checkpoint."""
    valid = set()
    for name, key_id, signature in signatures:
        known = [key for key in keys if (key.name, key.id) == (name, key_id)]  # name or ID alone is no match
        demand(len(known) < 2, "no_quorum", "two keys of the policy fit one line")
        message = body.encode()
        if not known or known[0].type not in (LOG, COSIGNER):
            continue
        if known[0].type == COSIGNER:
            time, signature = int.from_bytes(signature[:8]), signature[8:]
            demand(time < 2**63, "no_quorum", "a cosignature's time is out of range")
            message = b"cosignature/v1\ntime %d\n" % time + message
        demand(is_signed(known[0].public, signature, message), "no_quorum", "a signature by a known key is false")
        valid.add(known[0])
    return valid

def check_checkpoint(note, policy):
    """Origin, size and root of a checkpoint that fulfils the policy."""
    body, signatures = read_note(note)
    origin, size, root, *more = body.split("\n")[:-1] + [""] * 3
    good = origin and more[:-3] == [line for line in more if line] and re.fullmatch("0|[1-9][0-9]{0,18}", size)
    root = unbase64(root) or b""
    demand(good and int(size) < 2**63 and len(root) == 32 and (size != "0" or root == sha256(b"")), "no_quorum",
           "origin, size and root of the checkpoint do not read")
    valid = signers(body, signatures, policy.logs + list(policy.witnesses.values()))
    demand(any(key in valid and key.name == origin for key in policy.logs), "no_quorum", "no log of the policy signed")
    given = {"none"} | {name for name, key in policy.witnesses.items() if key in valid}
    for name, (threshold, members) in policy.groups.items():  # a group names only what stands before it
        given |= {name} if len(given.intersection(members)) >= threshold else set()
    demand(policy.quorum in given, "no_quorum", "too few organisations of the policy have cosigned")
    return SimpleNamespace(origin=origin, size=int(size), root=root)

# --- Messages (Protos/Ledger/ledger.proto) ----------------------------------------------------------------------------
def varint(data, at):
    value = 0
    for shift, byte in zip(range(0, 70, 7), data[at:]):
        value |= (byte & 127) << shift
        if byte < 128:
            return value % 2**64, at + shift // 7 + 1
    raise ValueError("a number of a message is cut off or too long")

def message(data):
    """Lists of values by field number and wire type (0 numbers, 2 bytes). Fields that nobody asks for are passed over,
    as protobuf does, which also takes a known number with another wire type for unknown."""
    found, groups, at = collections.defaultdict(list), [], 0
    while at < len(data):
        tag, at = varint(data, at)
        field, wire, value = tag >> 3, tag & 7, None
        if field == 0 or tag >= 2**32 - 1 or wire > 5 or wire == 4 and (not groups or groups.pop() != field):
            raise ValueError("a message has a field that cannot be")
        if wire in (0, 2):
            value, at = varint(data, at)
        if wire == 2:
            value, at = data[at:at + value], at + value
        if wire == 3:
            groups.append(field)
        at += {1: 8, 5: 4}.get(wire, 0)
        if not groups:
            found[field, wire].append(value)
    if at > len(data) or groups:
        raise ValueError("a message is cut off")
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
    try:
        header = message(last(message(entry[1:]), 1))
        good = entry[:1] == b"\1" and len(entry) <= 65_535 and not header[9, 2]
        good = good and all(len(last(header, field)) == 32 for field in (1, 4, 7))
        for part in map(message, header[5, 2]):
            good = good and is_key(last(part, 1)) and last_number(part, 2) <= LATEST and len(last(part, 3)) == 64
    except ValueError:
        good = False
    demand(good, "malformed", "the header does not read")
    return last(header, 1).hex(), last_number(header, 6, bits=32)

def check_seal(proof, chain, policy):
    """What the seal of a block says, and which entries of the log the block has."""
    checkpoint, seal = check_checkpoint(proof.checkpoint, policy), proof.seal
    demand(len(seal) == 129 and seal[0] == 3, "malformed", "the seal does not read")
    found = root_by_path(leaf(seal), proof.index, checkpoint.size, proof.path)
    demand(found == checkpoint.root, "not_included", "the seal is not where the file says it is")
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
    found = root_by_path(leaf(file.entry), file.index, block.checkpoint.size, file.path)
    demand(found == block.checkpoint.root, "not_included", "the transaction is not where the file says it is")
    try:
        sender, asked = check_transaction(file.entry, file.chain, block.time, question.key)
    except ValueError:
        raise Refused("refused", "the transaction does not read") from None
    result = "let it through" if block.failed == 0 else "may have refused it: some in the block failed"
    return {"index": file.index, "sender": sender, "asked": asked, "succeeded": block.failed == 0, "words": [
        f"Entry {file.index} of the log is a transaction by {sender}: {asked}; the contract {result}"]}

def check_transaction(entry, chain, time, known_key):
    """Sender, and what she asks for. A log also holds transactions that fail here; no block carries them out."""
    envelope = message(entry[1:])
    body, signatures = message(last(envelope, 1)), [message(part) for part in envelope[2, 2]]
    sender, parts = last(body, 2), {5: body[5, 2], 6: body[6, 2]}
    contracts = [name.decode() for part in parts[5] for name in message(part)[1, 2]] or [""]
    # A message inside another that stands in several parts is one: each reads, and so do their bytes together.
    action, manifest = (message(b"".join(part for part in parts[at] if message(part) or True)) for at in (5, 6))
    demand(len(entry) <= 65_535 and parts[5] and 1 <= len(signatures) <= 8, "refused", "no action, or no signatures")
    demand(last(body, 1).hex() == chain, "refused", "it was meant for another chain")
    rows = len(last(manifest, 2)) == 32 and last_number(manifest, 1, bits=32) > 0 or not parts[6]
    demand(len(sender) == 20 and len(last(body, 4)) == 16 and len(last(action, 1)) <= 32 and rows, "refused",
           "sender, id, contract or manifest are of no known form")
    for part in signatures:
        good = is_signed(last(part, 2), last(part, 3), b"tongzhou/transaction/v1\0" + last(envelope, 1))
        demand(good and last_number(part, 1, bits=32) == 1, "refused", "a signature does not verify")
    first = last(signatures[0], 2)
    hers = sha256(b"tongzhou/address/v1\0\1" + first)[:20] == sender or first == known_key
    demand(hers, "refused", "signed by somebody else than its sender")
    demand(time <= last_number(body, 3) <= min(time + 600, LATEST), "refused", "its expiry does not fit the block")
    return sender.hex(), f"action {last_number(action, 2, bits=32)} of {contracts[-1]}"

# --- Records of the state ---------------------------------------------------------------------------------------------
TABLE = {**dict.fromkeys(("version", "count", "index", "tables"), number), "name": text, "root": digest, "path": path}
RECORD = {"ordinal": number, "record": octets, "path": path}
SEVERAL = {"records": [{"ordinal": number, "record": octets}], "hashes": [digest]}
# Of each table the bytes of a record; A+N: from byte A on N are zero; A:B-C: byte A has a value from B to C.
LAYOUTS = {name: (int(width), rules) for name, width, *rules in map(str.split, """account_keys 84|accounts 40 38+2
|attestations 48|beneficiaries 184|cases 172 3:1-13|complaints 96 4:1-3 5:1-6 14+2|consents 64 4+1 5:1-5 6+2
|convention_pages 256|conventions 52|dice 48|draws 64 0:0-1 1+3|evidence 24 4:1-5 5+1|fast_tracks 104 12:1-5 13+3
|field_checks 60 8:1-4 9+3|group_seats 52 48:0-1 49+3|groups 52 0:1-2 1+1|helpers 108|hospital_records 52 38+2
|illnesses 104 37:0-3 42+2|juries 40 12:0-1 13:0-4|keys 56 32:1-4 33+1|memberships 112 96:1-3|notices 36 2:0-1 3+1
|nullifiers 40|objections 56 12+1 13:1-6 14+2|officers 56|organisations 148 50:0-1 51:0-2|parameters 16 14+2
|pauses 36 0:1-2 1+1|payment_references 56 38+2|plans 280 234+2 240:1-4 241:0-1 242+2|proposal_pages 256
|proposals 144 0:1-17 1:1-7 14+2|queue 40 0:1-7 1:0-1|recoveries 100 24:1-5 25+3|refunds 32 0:1-4 1:0-3
|reports 24 4:0-1 5+3|reserve_statements 80|reveals 40 6+2|rules 12 0:1-17 2:1-255 3+1|seats 48 12:1-5 13+3
|settlements 192 2+2 188+4|volunteers 16 6:0-1 7+1|votes 36 6:0-1 7+1""".split("|"))}

def check_table(table, name, state):
    above = len(name).to_bytes(2) + name.encode() + (1).to_bytes(4) + table.count.to_bytes(8) + table.root
    found = root_by_path(leaf(above), table.index, table.tables, table.path)
    demand(table.name == name in LAYOUTS and table.version == 1 and found == state, "not_included", f"no such {name}")

def canonical(entry, name):
    """A record's bytes, where its fields give the same bytes again."""
    record, good = entry.record, name != "organisations" or 0 not in entry.record[:48].rstrip(b"\0")
    for rule in LAYOUTS[name][1]:
        at, kind, low, high = re.fullmatch(r"(\d+)([+:])(\d+)-?(\d*)", rule).groups()
        zeros = kind == "+" and not any(record[int(at):int(at) + int(low)])
        good = good and (zeros or kind == ":" and int(low) <= record[int(at)] <= int(high))
    demand(good, "malformed", f"record {entry.ordinal} of {name} is not in canonical form")
    return record

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
    demand(ascending and all(len(entry.record) == width for entry in records), "not_included", "no records in order")
    def root(start, end, first, behind):  # records[first:behind] are those from start to end - 1
        if first == behind:
            demand(hashes, "not_included", "a hash is missing")
            return hashes.pop()
        if end - start == 1:
            return leaf(records[first].record)
        middle = start + split(end - start)
        cut = bisect.bisect_left(ordinals, middle, first, behind)
        return node(root(start, middle, first, cut), root(middle, end, cut, behind))
    found = root(0, table.count, 0, len(records)) if table.count else sha256(b"")
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
    demand(len(file.records) in (1, 2), "malformed", "an absence shows one record or two")
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

# --- Statement --------------------------------------------------------------------------------------------------------
change = reader(lambda v: v if len(v := octets(v)) == 65 and 1 <= v[0] <= 18 else None, "a change of no known form")
STATEMENT = {"chain": chain_id, "seal": SEAL, "tables": [TABLE], "membership": RECORD, "plan": RECORD,
             "settlements": SEVERAL, "changes": [change], "cases?": [{"settlement": number, "rows": octets}]}
KINDS = """|joined|paid in, and cover began|paid in|paid what was missed|asked to leave|ended, the balance goes back
|a payment was taken back|filed a case|changed her key|a new key was asked for|the new key was forbidden
|the new key stands|the present key stays|named a payee|named an heir|the insured has died|the insured took it over
|shares go back for an illness while waiting""".replace("\n", "").split("|")

def check_statement(file, block, question):
    places = [table.index for table in file.tables]
    demand(len(places) == 3, "malformed", "a statement has three tables")
    one = len({table.tables for table in file.tables}) == 1 and places[0] < places[1] < places[2]
    demand(one, "not_included", "the tables are not of one state")
    for table, name in zip(file.tables, ("memberships", "plans", "settlements")):
        check_table(table, name, block.state)
    member, plan = check_record(file.membership, file.tables[0]), check_record(file.plan, file.tables[1])
    settled = check_several(file.settlements.records, file.settlements.hashes, file.tables[2])
    demand(whole(member, 24, 2) == file.plan.ordinal, "not_included", "the membership is in another plan")
    history = bytes(32)
    for change in file.changes:
        history = sha256(b"tongzhou/history/v1\0" + history + change)
    demand(file.changes and history == member[40:72], "broken_history", "the changes do not give the history")
    replay = Replay(file.changes[0], file.plan.ordinal)
    replay.run(file.changes[1:], settled)
    replay.compare(member, plan, block.time)
    cases = check_cases(file.cases, {entry.ordinal: entry.record for entry in file.settlements.records})
    words = [f"Membership {file.membership.ordinal}, number {whole(member, 28)} of plan {file.plan.ordinal}"]
    words += [f"{clock(event['time'])}  {yuan(event['amount']):>12}  balance {yuan(event['balance']):>12}  "
              f"{event['what']}" for event in replay.events]
    words += [f"Settlement {case['settlement']}: case {case['case']}, {yuan(case['aid'])} yuan" for case in cases]
    return {"membership": file.membership.ordinal, "plan": file.plan.ordinal, "balance": replay.balance,
            "events": replay.events, "cases": cases, "words": words}

class Replay:
    """Walks through changes and settlements as the ledger made them; stops at the first that it cannot have made."""
    def __init__(self, join, plan):
        self.c, self.time = signed(join, 57), whole(join, 49, 8)
        demand(join[0] == 1 and signed(join, 1) == 0 and self.c >= 0, "broken_history", "the join does not come first")
        self.plan, self.join = plan, (whole(join, 9, 8), self.time)
        self.number, self.exhausts, self.waiting, self.covered, self.ended = None, 0, 0, 0, False
        self.events = [{"time": self.time, "what": KINDS[1], "amount": 0, "balance": 0}]

    @property
    def balance(self): return max(0, self.exhausts - self.c) if self.waiting and not self.ended else 0

    def run(self, changes, settled):
        demand(not settled or signed(settled[0], 132) > 0, "broken_shares", "the first settlement shown takes no share")
        rest = collections.deque(settled)
        for change in changes:
            c, time = signed(change, 57), whole(change, 49, 8)
            # A settlement without a share leaves C as it is; then time tells which was first.
            while rest and (signed(rest[0], 140) < c or signed(rest[0], 140) == c and whole(rest[0], 8, 8) <= time):
                self.settle(rest.popleft())
            self.change(change[0], signed(change, 1), c, time)
        for settlement in rest:
            self.settle(settlement)

    def settle(self, record):
        number, time, share, c = whole(record, 4), whole(record, 8, 8), signed(record, 132), signed(record, 140)
        good = whole(record, 0, 2) == self.plan and self.number in (None, number - 1) and share >= 0
        good = good and c == self.c + share and time >= self.time
        demand(good, "broken_shares", f"settlement {number} does not follow what was before")
        given = min(self.balance, share)
        self.number, self.time, self.c = number, time, c
        what = f"settlement {number}: {whole(record, 124)} payers, a share of {yuan(share)}"
        self.events.append({"time": time, "what": what, "amount": -given, "balance": self.balance})

    def change(self, kind, amount, c, time):
        def need(condition, why):
            demand(condition, "broken_history", f"change of kind {kind} at {time}: {why}")
        before = self.balance
        need(c == self.c and time >= self.time, "C was another then, or time went back")
        need(kind > 1 and (not self.ended or 8 <= kind <= 16), "a second join, or the membership had ended")
        need(amount > 0 if kind in (2, 3, 4, 7) else kind == 6 or amount == 0 or kind == 18 and amount > 0, "its amount")
        if kind in (2, 3, 4):
            need((before > 0) == (kind == 3) and (kind != 4 or self.waiting), "a deposit of another kind")
            self.exhausts = (c if kind == 2 else self.exhausts) + amount
            self.waiting = time if kind == 2 else self.waiting
            self.covered = self.covered if kind == 3 else time
            need(self.exhausts < 2**63 and (kind != 4 or self.balance > 0), "less than was missed, or too much")
        if kind == 7:
            need(amount <= before, "more than the balance bears")
            self.exhausts -= amount
        if kind == 6:
            need(amount == before - before % 10_000, "the balance goes back in whole fen")
        self.time, self.ended = time, self.ended or kind == 6
        amount = -amount if kind in (6, 7) else amount
        self.events.append({"time": time, "what": KINDS[kind], "amount": amount, "balance": self.balance})

    def compare(self, member, plan, time):
        led = self.c == signed(plan, 8) and self.number in (None, whole(plan, 184))
        demand(led, "broken_shares", "the settlements do not lead to the plan's cumulative share")
        good = self.join == (whole(member, 28), whole(member, 72, 8)) and self.exhausts == signed(member, 32)
        good = good and (self.waiting, self.covered) == (whole(member, 80, 8), whole(member, 88, 8))
        demand(good and self.ended == (member[96] == 3) and self.time <= time, "broken_history", "another record")

def check_cases(cases, shown):
    opened = []
    for case in cases:
        record, rows = shown.get(case.settlement), [case.rows[at:at + 12] for at in range(0, len(case.rows), 12)]
        good = record and len(case.rows) == 12 * whole(record, 16) and tree_root(rows) == record[20:52]
        demand(good, "broken_shares", "the cases are not those of a settlement that is shown")
        opened += [{"settlement": whole(record, 4), "case": whole(row, 0), "aid": signed(row, 4)} for row in rows]
    return opened

# --- The whole --------------------------------------------------------------------------------------------------------
FORMATS = {"receipt": ("tongzhou-receipt/v1", 2_000_000, RECEIPT, check_receipt),
           "statement": ("tongzhou-statement/v2", 64_000_000, STATEMENT, check_statement),
           "state-proof": ("tongzhou-state-proof/v1", 2_000_000, STATE_PROOF, check_state_proof),
           "absence": ("tongzhou-absence/v1", 2_000_000, ABSENCE, check_absence)}

def verify(data, chain, policy_text, kind=None, table=None, ordinal=None, key=None):
    """What a file proves, as a dict; Refused, or Unusable. Of one kind or any; a state proof answers a question about a
    table's ordinal; key: one that the verifier knows to stand for a receipt's sender in place of her first."""
    policy = read_policy(policy_text)
    if not re.fullmatch("[0-9a-f]{64}", chain):
        raise Unusable("a chain id has 64 lower-case hexadecimal digits")
    plain = inflate(data, 64_000_000)
    value = parse_json(plain)
    named = value.get("format") if type(value) is dict else None
    kind = next((known for known in FORMATS if FORMATS[known][0] == named and kind in (None, known)), None)
    demand(kind, "malformed", "not a file of a kind and version that is checked here")
    _, limit, shape, check = FORMATS[kind]
    demand(len(plain) <= limit, "malformed", "the file is too long")
    file = shaped(value, shape)
    if kind == "state-proof" and (table not in LAYOUTS or ordinal is None):
        raise Unusable("a state proof answers a question: name a table and an ordinal")
    demand(file.chain == chain, "wrong_chain", f"the file is of chain {file.chain}")
    block = check_seal(file.seal, chain, policy)
    found = check(file, block, SimpleNamespace(table=table, ordinal=ordinal, key=key))
    found["words"].append(f"This stands in block {block.height} of {clock(block.time)}, under a quorum of the policy")
    head = {"origin": block.checkpoint.origin, "size": block.checkpoint.size, "root": block.checkpoint.root.hex()}
    return {"kind": kind, "chain": chain, "height": block.height, "time": block.time, "checkpoint": head, **found}

def clock(seconds):
    late = seconds > LATEST or datetime.timedelta(seconds=seconds)
    return f"second {seconds}" if late is True else f"{datetime.datetime(1970, 1, 1) + late} UTC"

def yuan(micro):
    decimals = f"{abs(micro) % 1_000_000:06}".rstrip("0")
    return f"{'-' * (micro < 0)}{abs(micro) // 1_000_000}.{decimals:0<2}"

def remember(memory, chain, head):
    """Holds a checkpoint against the newest one seen of the chain, and keeps the newer. Whether it is older than that."""
    file = pathlib.Path(memory)
    seen = json.loads(file.read_text()) if file.exists() else {}
    newest = seen.get(chain, {**head, "size": -1})
    same = newest["origin"] == head["origin"] and (newest["size"] != head["size"] or newest["root"] == head["root"])
    demand(same, "split_view", "another root at a size seen before, or another log of the chain: keep both files")
    if head["size"] > newest["size"]:  # written beside and renamed: a crash leaves the old memory or the new one
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as new:
            json.dump({**seen, chain: head}, new)
            new.flush()
            os.fsync(new.fileno())
        os.replace(new.name, file)
    return head["size"] < newest["size"]

def main(arguments=None):
    ask = argparse.ArgumentParser(description="Checks a proof file of a Tongzhou chain, offline.")
    ask.add_argument("file", nargs="?", help="receipt, statement, state proof or absence")
    for name, meaning in (
            ("chain", "the chain's id, from a source that you trust"), ("vectors", "check all of DIR/vectors.json instead"),
            ("policy", "file with the policy of the organisations, from a source that you trust"),
            ("memory", "file that remembers the newest checkpoint seen of each chain"), ("table", "of a state proof"),
            ("ordinal", "of a state proof"), ("key", "hex, a key that you know to stand for a receipt's sender")):
        ask.add_argument("--" + name, help=meaning, type={"ordinal": int, "key": bytes.fromhex}.get(name, str))
    ask.add_argument("--json", action="store_true", help="print what was proven as JSON")
    given = ask.parse_args(arguments)
    if given.vectors:
        import vectors  # beside this file
        return vectors.run(given.vectors, verify, Refused, FORMATS)
    if not (given.file and given.chain and given.policy):
        ask.error("FILE, --chain and --policy are needed: without them a file would speak for itself")
    try:
        with open(given.file, "rb") as stream:
            data = stream.read(64_000_001)
        policy = pathlib.Path(given.policy).read_bytes().decode()
        found = verify(data, given.chain, policy, None, given.table, given.ordinal, given.key)
        if given.memory and remember(given.memory, given.chain, found["checkpoint"]):
            found["words"].append("Its checkpoint is older than the newest one seen")
    except Refused as refusal:
        answer = json.dumps({"verdict": refusal.code, "reason": refusal.why})
        print(answer if given.json else f"REFUSED {refusal.code}: {refusal.why}")
        return 1
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        ask.error(f"{type(error).__name__}: {error}")
    print(json.dumps({"verdict": "valid", **found}) if given.json else "\n".join(["VALID", *found["words"]]))
    return 0

if __name__ == "__main__":
    sys.exit(main())
