#!/usr/bin/env python3
"""Lets the modules of the page /verify judge many files in a real browser, for tests that compare verifiers.

    Scripts/browse_batch.py BATCH [CHROMIUM]

BATCH and what is printed are those of Verifiers/python/batch.py. The browser gets the modules and the batch from this
script; no node is asked and no other address is open to it.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

MODULES = Path(__file__).resolve().parent.parent / "Sources/Server/Assets/verify"
# Secure enough for WebCrypto, and nobody answers there but the function below.
ADDRESS = "http://127.0.0.1:1"

JUDGE = """async () => {
  const { Policy, Refused, verify } = await import('/verify/verify.js');
  const { compare, fromHex, toHex } = await import('/verify/bytes.js');
  const batch = await (await fetch('/batch.json')).json();
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const plain = (value) => JSON.stringify(value, (_, each) => (
    typeof each === 'bigint' ? String(each) : each instanceof Uint8Array ? toHex(each) : each));

  async function judge(bytes, file) {
    if (file.trusted === null) return { verdict: 'no policy' };
    try {
      const asked = { table: file.table, ordinal: file.ordinal };
      if (file.key) asked.absentKey = fromHex(file.key);
      const found = await verify(bytes, { chain: file.chain, policy: file.trusted, ...asked });
      if (found.kind === 'attestation') return { verdict: 'an attestation' };
      const { steps, cases = [], reserve = null, gift = null, seal: { checkpoint, ...seal }, ...said } = found;
      // A way does not say in which order events of one block came that do not build on each other.
      if (found.kind === 'way') said.events = found.events.map(plain).sort();
      const besides = cases.flatMap(({ number, cases: rows }) => rows.map((row) => plain([number, row])));
      if (reserve !== null) besides.push(plain(reserve));
      if (gift !== null) besides.push(plain(gift));
      return { verdict: 'valid', said: plain({ ...said, seal }), besides: new Set(besides) };
    } catch (error) {
      return { verdict: error instanceof Refused ? error.code : `a fault: ${error}` };
    }
  }

  for (const file of batch.files) {
    file.content = bytesOf(file.bytes);
    file.trusted = await Policy.read(file.policy).catch(() => null);
    file.original = await judge(file.content, file);
  }
  const one = async ({ file: number, start, end, new: piece }) => {
    const file = batch.files[number];
    const [before, between, after] = [file.content.subarray(0, start), bytesOf(piece), file.content.subarray(end)];
    const bytes = new Uint8Array(before.length + between.length + after.length);
    bytes.set(before);
    bytes.set(between, before.length);
    bytes.set(after, before.length + between.length);
    const found = await judge(bytes, file);
    const { verdict, said, besides } = file.original;
    const isSame = found.said === said && besides?.isSupersetOf(found.besides ?? new Set());
    if (!file.signed && found.verdict === 'valid' && verdict === 'valid' && !isSame) return 'valid, but of another meaning';
    return found.verdict;
  };
  const verdicts = new Array(batch.cases.length);
  let next = 0;
  // WebCrypto works on threads of its own: several files at once keep them busy.
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (next < batch.cases.length) {
      const at = next;
      next += 1;
      verdicts[at] = await one(batch.cases[at]);
    }
  }));
  return JSON.stringify(verdicts);
}"""


def main(batch, chromium="/usr/bin/chromium"):
    batch = Path(batch)

    def answer(route):
        path = urlsplit(route.request.url).path
        module = MODULES / path.removeprefix("/verify/")
        if path == "/":
            route.fulfill(body="<!doctype html><title>batch</title>", content_type="text/html")
        elif path == "/batch.json":
            route.fulfill(body=batch.read_bytes(), content_type="application/json")
        elif path.startswith("/verify/") and module.parent == MODULES and module.is_file():
            route.fulfill(body=module.read_bytes(), content_type="text/javascript")
        else:
            route.abort()

    with sync_playwright() as playwright:
        # Tests run as root in containers, where Chromium's own sandbox cannot.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.route("**/*", answer)
        page.goto(ADDRESS + "/")
        print(page.evaluate(JUDGE))
        browser.close()


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    main(*sys.argv[1:])
