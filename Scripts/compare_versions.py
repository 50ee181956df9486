#!/usr/bin/env python3
"""Holds two versions of the program against each other: `compare_versions.py OLD NEW [--pairs N] -- bench …`.

Runs the same `bench` of both, its --json added. Beside each other, each pinned to one core and in turn on either, since
a machine shared with others is faster in one minute than in the next; or, with --in-turn, one after the other, for what
needs all cores. Prints for each figure that both have every value, the medians, and the geometric mean of NEW / OLD.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys


def start(program, words, core):
    pinned = [] if core is None else ["taskset", "-c", str(core)]
    return subprocess.Popen(pinned + [program] + words + ["--json"], stdout=subprocess.PIPE, text=True)


def figures(process):
    output, _ = process.communicate()
    if process.returncode != 0:
        sys.exit(f"compare_versions: {' '.join(process.args)} ended with {process.returncode}")
    return {name: value for name, value in json.loads(output).items() if type(value) in (int, float) and value > 0}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument("--in-turn", action="store_true")
    parser.add_argument("words", nargs="+", help="what to run, for instance: bench settlement --members 1000000")
    options = parser.parse_args()
    old, new = (os.path.abspath(program) for program in (options.old, options.new))
    pairs = []
    for number in range(options.pairs):
        if options.in_turn:
            order = [(old, 0), (new, 1)][:: -1 if number % 2 else 1]
            found = [None, None]
            for program, place in order:
                found[place] = figures(start(program, options.words, None))
            pairs.append(tuple(found))
        else:
            beside = start(old, options.words, number % 2), start(new, options.words, 1 - number % 2)
            pairs.append(tuple(figures(process) for process in beside))
    result = {}
    for name in pairs[0][0]:
        values = [(before[name], after[name]) for before, after in pairs if name in before and name in after]
        if len(values) != len(pairs):
            continue
        before, after = zip(*values)
        result[name] = {
            "old": before, "new": after, "old_median": statistics.median(before), "new_median": statistics.median(after),
            "ratio": round(statistics.geometric_mean([b / a for a, b in values]), 3),
        }
    json.dump({"words": options.words, "pairs": options.pairs, "figures": result}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
