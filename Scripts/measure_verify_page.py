#!/usr/bin/env python3
"""How long the page /verify takes for a statement of ten years, in Chromium.

    Scripts/measure_verify_page.py ADDRESS [--rounds N] [--without-ed25519] [--chromium PATH]

ADDRESS is any node's that serves the page (http://127.0.0.1:8080). The statement is made here, of a chain with keys of
its own: a member who pays in twice a year, in a plan that settles every fortnight for ten years beside two others, with
figures that differ each time. Chain id and policy are given to the page by hand, and the file by its field, packed as a
node gives it; the time is that from the choice of the file until the page says that it holds. With --without-ed25519 the
browser's WebCrypto does not know Ed25519, and the page does the arithmetic of signatures itself.

Prints JSON: settlements, bytes (packed), json_bytes, rounds, verify_ms_p50, verify_ms_max.
"""

import argparse
import gzip
import json
import random
import struct
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Verifiers/python"))
import synthetic as s  # noqa: E402

FORTNIGHT = 14 * 86_400
FORTNIGHTS = 260
# What an old browser lacks.
WITHOUT_ED25519 = """{
  const subtle = crypto.subtle, known = subtle.importKey.bind(subtle)
  subtle.importKey = (...words) => words[2]?.name === 'Ed25519'
    ? Promise.reject(new DOMException('unknown', 'NotSupportedError')) : known(...words)
}"""
WATCH = """() => {
  window.took = [];
  let begun = null;
  document.addEventListener('change', (event) => {
    if (event.target.id === 'file') begun = performance.now();
  }, true);
  new MutationObserver(() => {
    if (begun === null || document.querySelector('#verdict > *') === null) return;
    window.took.push(performance.now() - begun);
    begun = null;
  }).observe(document.getElementById('verdict'), { childList: true });
}"""


def settled(dice, plan, number, time, share, cumulative):
    """A settlement with figures as large and as uneven as real ones."""
    def any_of(most):
        return dice.randrange(most)
    sums = [any_of(300_000_000_000_000) for _ in range(9)]
    after = [any_of(80_000_000) for _ in range(5)]
    return struct.pack(">HHIQI32s9q2I7qI", plan, 0, number, time, 200 + any_of(4_000), dice.randbytes(32), *sums,
                       any_of(75_000_000), any_of(75_000_000), share, cumulative, *after, 0)


def ten_years():
    """The chain, and the places of the plan's settlements among those of all three plans."""
    dice = random.Random(260)
    time, cumulative, exhausts, deposits = s.TIME - FORTNIGHTS * FORTNIGHT, 5_000_000, 0, 0
    changes, settlements = [s.change(1, time, number=7, c=cumulative)], []
    joined, funded = time, time + 60
    for fortnight in range(FORTNIGHTS):
        if fortnight % 13 == 0:
            amount = dice.randrange(40, 60) * 1_000_000
            deposits += dice.randrange(1, 90_000)
            changes.append(s.change(3 if fortnight else 2, time + 60, amount, deposits, cumulative))
            exhausts = (exhausts if fortnight else cumulative) + amount
        time += FORTNIGHT
        share = dice.randrange(1_000_000, 3_000_000)
        cumulative += share
        settlements += [settled(dice, plan, fortnight + 1, time, 1, fortnight + 1) for plan in (0, 2)]
        settlements.append(settled(dice, 1, fortnight + 3, time, share, cumulative))
    record = struct.pack(">20sIHHIq32sQQQBBHIIHBB", bytes(range(20)), 1, 1, 24_000, 7, exhausts, s.history_of(changes),
                         joined, funded, funded, 2, 0, 0, 0, 0, 0, 0, 0)
    tables = {"memberships": [bytes(112), record], "plans": [bytes(280), s.plan_record(cumulative, FORTNIGHTS + 2)],
              "settlements": settlements}
    return s.Chain(tables, changes), range(2, 3 * FORTNIGHTS, 3)


def main():
    ask = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    ask.add_argument("address", help="of a node")
    ask.add_argument("--rounds", type=int, default=20)
    ask.add_argument("--without-ed25519", action="store_true")
    ask.add_argument("--chromium", default="/usr/bin/chromium")
    given = ask.parse_args()
    chain, shown = ten_years()
    plain = json.dumps(chain.statement([*shown]), separators=(",", ":")).encode()
    packed = gzip.compress(plain, 9, mtime=0)
    proven = chain.verify(packed)
    assert len(proven["events"]) == FORTNIGHTS + len(chain.changes) and proven["balance"] > 0
    file = {"name": "statement.json.gz", "mimeType": "application/gzip", "buffer": packed}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=given.chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        if given.without_ed25519:
            page.add_init_script(WITHOUT_ED25519)
        page.goto(given.address.rstrip("/") + "/verify")
        page.wait_for_selector("html[data-ready]", state="attached")
        page.evaluate("document.querySelector('#own').closest('details').open = true")
        page.fill("#own-chain", chain.id)
        page.fill("#own-policy", chain.policy)
        page.press("#own-chain", "Enter")
        page.wait_for_selector("#own-answer .verdict:not(.bad)")
        page.evaluate(WATCH)
        for number in range(given.rounds):
            page.set_input_files("#file", file)
            page.wait_for_function("count => window.took.length === count", arg=number + 1)
            if page.query_selector("#verdict > .verdict:not(.bad)") is None:
                sys.exit(f"the page does not accept the statement: {page.inner_text('#verdict')}")
        times = sorted(page.evaluate("window.took"))
        browser.close()
    print(json.dumps({
        "settlements": FORTNIGHTS, "bytes": len(packed), "json_bytes": len(plain), "rounds": given.rounds,
        "verify_ms_p50": round(times[(len(times) - 1) // 2], 1), "verify_ms_max": round(times[-1], 1)}))


if __name__ == "__main__":
    main()
