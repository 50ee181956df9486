"""The command around the verifier: arguments, words, the memory of checkpoints, runs over folders of known files."""
import argparse
import collections
import datetime
import json
import os
import pathlib

# What each kind of change of a membership is.
KINDS = """|joined|paid in, and cover began|paid in|paid what was missed|asked to leave|ended, the balance goes back
|a payment was taken back|filed a case|changed her key|a new key was asked for|the new key was forbidden
|the new key stands|the present key stays|named a payee|named an heir|the insured has died|the insured took it over
|shares go back for an illness while waiting""".replace("\n", "").split("|")


def clock(seconds):
    """A time for people; seals hold times up to 2^64 - 1."""
    latest = 253_402_300_799
    return f"{datetime.datetime.fromtimestamp(min(seconds, latest), datetime.UTC):%Y-%m-%d %H:%M:%S} UTC"


def yuan(micro):
    """Millionths of a yuan with as many decimals as needed, at least two."""
    decimals = f"{abs(micro) % 1_000_000:06}".rstrip("0")
    return f"{'-' * (micro < 0)}{abs(micro) // 1_000_000}.{decimals:0<2}"


def address(data):
    """An address as people write it: bech32m (BIP-350) with the prefix tz."""
    prefix, alphabet = b"tz", "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits = "".join(f"{byte:08b}" for byte in data)
    words = [int(bits[at:at + 5], 2) for at in range(0, len(bits), 5)]  # 160 bits make whole words
    check = 1
    for word in [byte >> 5 for byte in prefix] + [0] + [byte & 31 for byte in prefix] + words + [0] * 6:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ word
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if top >> bit & 1 else 0
    check ^= 0x2BC830A3
    words += [check >> 25 - 5 * place & 31 for place in range(6)]
    return "tz1" + "".join(alphabet[word] for word in words)


def remember(memory, chain, head):
    """Holds a checkpoint (origin, size, root) against the newest one seen of the chain, and keeps the newer.

    Gives "split" for another root of the same size or another log of the same chain, which leaves the memory as it is,
    "older" or "" else. A crash leaves the memory before or after.
    """
    file, new = pathlib.Path(memory), pathlib.Path(f"{memory}.{os.getpid()}.new")
    seen = json.loads(file.read_text("utf-8")) if file.exists() else {}
    newest = seen.get(chain, {**head, "size": -1}) if type(seen) is dict else None
    if type(newest) is not dict or type(newest.get("size")) is not int or not {"origin", "root"} <= newest.keys():
        raise ValueError("the memory does not read; it is left as it is")
    if newest["origin"] != head["origin"] or newest["size"] == head["size"] and newest["root"] != head["root"]:
        return "split"
    if head["size"] > newest["size"]:
        with open(new, "w", encoding="utf-8") as stream:
            json.dump({**seen, chain: head}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(new, file)
    return "older" if head["size"] < newest["size"] else ""


def run_vectors(folder, verify, refused, formats):
    """Prints where verdicts differ from DIR/vectors.json; 0 if all agree, 1 if not, 2 if there is nothing to check."""
    folder = pathlib.Path(folder)
    listed = json.loads((folder / "vectors.json").read_text("utf-8"))
    policies = {name: (folder / file).read_bytes().decode() for name, file in listed["policies"].items()}
    verdicts, wrong = collections.Counter(), []
    for vector in listed["vectors"]:
        kind = vector["kind"].replace("_", "-")
        if kind not in formats:
            wrong.append(f"{vector['file']}: nobody knows the kind {kind}")
            continue
        try:
            verify((folder / vector["file"]).read_bytes(), vector["chain"], policies[vector["policy"]], kind=kind,
                   table=vector.get("table"), ordinal=vector.get("ordinal"))
            verdict, why = "valid", "nothing was wrong"
        except refused as refusal:
            verdict, why = refusal.code, refusal.why
        except ValueError as error:
            verdict, why = "unusable", str(error)
        verdicts[verdict] += 1
        if verdict != vector["verdict"]:
            wrong.append(f"{vector['file']}: {vector['verdict']} ({vector.get('reason')}), but found {verdict} ({why})")
    print("\n".join(wrong + [f"{count} {verdict}" for verdict, count in sorted(verdicts.items())]))
    return 1 if wrong else 0 if verdicts else 2


def parser():
    """The arguments of the command."""
    ask = argparse.ArgumentParser(description="Checks a proof file of a Tongzhou chain, offline.")
    ask.add_argument("file", nargs="?", help="receipt, statement, state proof, absence or way")
    ask.add_argument("--chain", help="the chain's id, from a source that you trust")
    ask.add_argument("--policy", help="file with the organisations' policy, from a source that you trust")
    ask.add_argument("--memory", help="file that remembers the newest checkpoint seen of each chain")
    ask.add_argument("--table", help="of a state proof: the table it shall be about")
    ask.add_argument("--ordinal", type=int, help="of a state proof: the record it shall be about")
    ask.add_argument("--key", type=bytes.fromhex, help="in hex: one that you know to stand for a receipt's sender")
    ask.add_argument("--vectors", metavar="DIR", help="check all files of DIR/vectors.json instead")
    ask.add_argument("--json", action="store_true", help="print what was proven as JSON")
    return ask


def main(verify, refused, formats, arguments=None):
    """Checks what the arguments name. Exit status: 0 it holds, 1 it was refused, 2 it could not be asked."""
    ask = parser()
    given = ask.parse_args(arguments)
    if given.vectors:
        return run_vectors(given.vectors, verify, refused, formats)
    if not (given.file and given.chain and given.policy):
        ask.error("FILE, --chain and --policy are needed: without them a file would speak for itself")
    try:
        with open(given.file, "rb") as stream:
            data = stream.read(64_000_001)  # one more than any file may have
        policy = pathlib.Path(given.policy).read_bytes().decode()
        found = {"verdict": "valid", **verify(data, given.chain, policy, None, given.table, given.ordinal, given.key)}
        seen = remember(given.memory, given.chain, found["checkpoint"]) if given.memory else ""
        if seen == "split":
            raise refused("proof.split_view", "another root at a size seen before, or another log of the same chain")
        if seen == "older":
            found["words"].append("Its checkpoint is older than the newest one seen")
    except refused as refusal:
        found = {"verdict": refusal.code, "words": [refusal.why]}
    except (OSError, ValueError) as error:
        ask.error(str(error))
    print(json.dumps(found) if given.json else "\n".join([found["verdict"].upper(), *found["words"]]))
    return 0 if found["verdict"] == "valid" else 1
