"""Steps of a way ("Way" of docs/proofs.md): reading them, the hashes that they give, and words for them.

Offsets in rows are those of docs/hearts.md. Nothing here decides where a file's record stands; tongzhou_verify does.
"""
import hashlib
import itertools
from types import SimpleNamespace

MOST_STEPS, MOST_PARTS, MOST_QUANTITY, LATEST, LOTS = 65_536, 128, 10**15, 253_402_300_799, 2**31
VOID = 6  # the state of a lot whose gift was taken back before anything of it had moved
# Of each event its words; the fields that it has to have, those that it may have, and what its reason may be. Fields:
# Unit, Gift's kind, Lot, Quantity, Place, Other organisation, Reason, proJect, Evidence, partY, parTs.
EVENTS = {1: ("given", "UQ", "GJPREY", 2), 2: ("received", "U", "LPE", 0), 3: ("stored", "U", "LPE", 0),
          4: ("repacked", "UT", "QPE", 0), 5: ("packed", "T", "PE", 0), 6: ("unpacked", "T", "LE", 0),
          7: ("sent", "U", "LOPE", 0), 8: ("arrived", "UQ", "LPE", 0), 9: ("handed over", "UQY", "LPE", 0),
          10: ("lost", "UQ", "LPRE", 4), 11: ("corrected by", "UQ", "LPE", 0), 12: ("pledged", "UQ", "GJPREY", 2),
          13: ("planted", "UQE", "LP", 0), 14: ("alive", "UE", "LQP", 0), 15: ("died", "UQ", "LPRE", 4),
          17: ("paid on", "UQ", "LOE", 0), 18: ("spent", "UQERY", "LP", 2), 19: ("returned", "UQE", "LY", 0)}
GIVEN, REPACKED, PACKED, UNPACKED, CORRECTED = (1, 12), 4, 5, 6, 11
UNITS = ("", "fen", "g", "pieces", "ml", "attendances")
WHY = {10: ("", "expired", "damaged", "stolen", "disaster"), 18: ("", "on aid", "on overhead")}


def whole(data, at, size=4): return int.from_bytes(data[at:at + size])
def signed(data, at): return int.from_bytes(data[at:at + 8], signed=True)
def tagged(purpose, *parts): return hashlib.sha256(b"".join((b"tongzhou/%s/v1\0" % purpose, *parts))).digest()


def read_row(row):
    """A row's kind, the lots that it names in the order of their change, and how many it makes; None for no row."""
    kind, parts = row[0] if row else 0, [(whole(row, at), signed(row, at + 4)) for at in range(100, len(row), 12)]
    if len(row) < 100 or (len(row) - 100) % 12 or len(parts) > MOST_PARTS or kind not in EVENTS or row[1] > 5:
        return None
    quantity, time, reason, inputs, party = signed(row, 8), whole(row, 16, 8), row[30], row[31], row[68:100]
    there = {"U": row[1], "G": whole(row, 2, 2), "L": whole(row, 4), "Q": quantity, "P": whole(row, 24),
             "O": whole(row, 28, 2), "R": reason, "J": whole(row, 32), "E": any(row[36:68]), "Y": any(party),
             "T": parts}
    _, needed, allowed, most = EVENTS[kind]
    filled = {field for field, value in there.items() if value}
    good = filled.issuperset(needed) and filled.issubset(needed + allowed)
    good = good and 0 < time <= LATEST and reason <= most
    good = good and (-MOST_QUANTITY if kind == CORRECTED else 0) <= quantity <= MOST_QUANTITY
    if kind == REPACKED:  # something goes in and something comes out, and no part is empty
        good = good and 0 < inputs < len(parts) and all(0 < size <= MOST_QUANTITY for _, size in parts)
    else:  # whole lots are packed and unpacked; nothing else has parts
        good = good and inputs == len(parts) and all(size == 0 for _, size in parts)
    if kind in GIVEN:  # hearts belong to nobody, or to an address and twelve zero bytes
        good = good and (reason == 0) == (not any(party)) and not any(party[20:])
    lots = [lot for lot, _ in parts[:inputs]]
    lots = lots if kind in (REPACKED, PACKED) else [] if kind in GIVEN else [there["L"], *lots]
    made = len(parts) - inputs if kind == REPACKED else 1 if kind in (*GIVEN, PACKED, 13, 17) else 0
    return (kind, lots, made) if good else None


def read_step(data):
    """A step: event, time, row, kind, lots that it changed and made, and those that its row names; None for none."""
    count = data[20] if len(data) > 20 else 0
    first, row = whole(data, 16), data[21 + 4 * count:]
    sources = [whole(data, at) for at in range(21, 21 + 4 * count, 4)]
    found = read_row(row)
    if not found or len(found[1]) != count or max([0, *sources]) >= LOTS or first + found[2] > LOTS:
        return None
    if found[2] == 0 and first:
        return None
    return SimpleNamespace(event=whole(data, 0, 8), time=whole(data, 8, 8), row=row, kind=found[0], named=found[1],
                           sources=sources, made=[*range(first, first + found[2])])


def follow(steps):
    """The history of each lot that the steps make, after the last of them; and of each step the lots whose histories
    took it up and those that began with it. A text where that cannot be."""
    found, effects = {}, []
    for step in steps:
        if any(lot != name < LOTS for lot, name in zip(step.sources, step.named)):
            return "a step changes another lot than its row names"
        if any(lot in found for lot in step.made):
            return "a lot is made twice"
        event = tagged(b"trace-event", step.event.to_bytes(8), step.time.to_bytes(8), step.row)
        carrier, changed, after = None, [], []
        for place, lot in enumerate(step.sources):
            if lot not in found:  # it only went along with a lot of the way
                continue
            if step.kind == UNPACKED and place > 0:
                if carrier is None:
                    return "a lot comes out of a container that has no history"
                found[lot] = tagged(b"lot-history", found[lot], carrier)
            found[lot] = tagged(b"lot-history", found[lot], event)
            carrier = found[lot] if place == 0 else carrier
            changed.append(lot)
            after.append(found[lot])
        made = step.made if len(changed) == len(step.sources) else []
        for output, lot in enumerate(made):
            found[lot] = tagged(b"lot-origin", event, bytes([output, len(after)]), *after)
        effects.append((changed, made))
    return found, effects


def all_lead_to(lot, steps, effects):
    """Whether every step is in the history of the lot, or of one that it came from, before it came from it."""
    wanted = {lot}
    for step, (changed, made) in zip(reversed(steps), reversed(effects)):
        if not wanted.intersection(changed + made):
            return False
        before = step.sources if wanted.intersection(made) else []
        if step.kind == UNPACKED and wanted.intersection(changed[1:]):
            before = changed[:1]
        wanted.difference_update(made)
        wanted.update(before)
    return True


def fault(steps, lot, record, reversal, end):
    """Why the steps are not the way of a lot with this record, under a seal of that time; None where they are."""
    gift = whole(record, 24)
    if (record[6] == VOID) != bool(reversal) or reversal and not gift:
        return "a void lot's way ends with its gift's reversal, and no other's does"
    times = [step.time for step in steps] + [each.time for each in reversal] + [end]
    if any(a > b for a, b in itertools.pairwise(times)):
        return "the steps are not in the order of their times, or after the seal"
    own = [step.event for step in steps if lot in step.sources or lot in step.made]
    if not own or own[-1] != whole(record, 68, 8):
        return "another event than the record's is the last of the lot"
    followed = follow(steps)
    if isinstance(followed, str):
        return followed
    history = followed[0].get(lot, b"")
    for each in reversal:
        taken = tagged(b"gift-reversal", (gift - 1).to_bytes(4), each.reason, each.time.to_bytes(8))
        history = tagged(b"lot-history", history, taken)
    if history != record[76:108] or not all_lead_to(lot, steps, followed[1]):
        return "the steps do not give the lot's history"
    return None


def amount(quantity, unit):
    """A quantity in its unit; money in yuan."""
    if unit != 1:
        return f"{quantity} {UNITS[unit]}"
    return f"{'-' * (quantity < 0)}{abs(quantity) // 100}.{abs(quantity) % 100:02} yuan"


def life(record):
    """What became of a lot, by its record."""
    state = ("held", "on its way", "in a container", "pledged", "at its end", "void")[record[6] - 1]
    came, left, handed, lost = (amount(signed(record, at), record[7]) for at in (28, 36, 44, 52))
    gone = "taken back" if record[6] == VOID else "lost"  # only a lot of which nothing was lost becomes void
    return f"{came} came in, {left} are left, {handed} reached people, {lost} were {gone}; {state} at organisation " \
           f"{whole(record, 10, 2)}"


def words(step, clock):
    """A step in a line: when, who, what, how much, where."""
    row, what = step.row, EVENTS[step.kind][0]
    parts = [f"{clock(whole(row, 16, 8))}  organisation {step.event >> 48}: {what}"]
    if whole(row, 8, 8):
        parts.append(amount(signed(row, 8), row[1]) + (" lost" if step.kind == REPACKED else ""))
    if step.kind in (7, 17):
        parts.append(f"to organisation {whole(row, 28, 2)}")
    if why := WHY.get(10 if step.kind == 15 else step.kind, ("",) * 5)[row[30]]:
        parts.append(why)
    if step.kind in (REPACKED, PACKED, UNPACKED):
        out = f" to {len(step.made)}" if step.kind == REPACKED else ""
        parts.append(f"({row[31]} lots{out})")
    if whole(row, 24):
        parts.append(f"at {whole(row, 24)}")
    return " ".join(parts) + f"; event {step.event & 2**48 - 1}, in a block of {clock(step.time)}"
