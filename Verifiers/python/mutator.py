"""Changes proof files by a seed."""
import copy
import random

import synthetic as s
import tongzhou_verify as v


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
        return self.dice.choice([value + 1, abs(value - 1), value ^ 1 << self.dice.randrange(53), 2**53 - 1, 0, 2**63,
                                 -1,
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
