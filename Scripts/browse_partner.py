#!/usr/bin/env python3
"""Lets a shop's browser ask and check on a node's page /hearts/partner, with and without a network.

    Scripts/browse_partner.py ADDRESS FOLDER CHROMIUM PROGRAM PARTNER THRESHOLD WALLET-YES WALLET-NO KEYS

PROGRAM is tongzhou, which answers the page's questions out of two wallets: the first reaches the threshold, the second
does not. KEYS is the issuer's file for it. Pictures go to FOLDER. Prints one JSON object and exits 0 when nothing was
found wrong; prints each fault and exits 1 otherwise.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ADDRESS, FOLDER, CHROMIUM, PROGRAM, PARTNER, THRESHOLD, YES, NO, KEYS = sys.argv[1:]
PHONE = {"width": 390, "height": 844}
faults, checked = [], []


def expect(truth, what):
    if not truth:
        faults.append(what)


def answer(question, wallet):
    run = subprocess.run(
        [PROGRAM, "credential", "present", "--wallet", wallet, "--issuer-keys", KEYS, "--question", question],
        capture_output=True, text=True)
    expect(run.returncode == 0, f"present: {run.stderr}")
    return run.stdout.strip()


def asked(page):
    page.click("#ask button[type=submit]")
    return page.text_content("#question code")


def drawn(page):
    """Asks, and opens the question's QR code: whether there is a picture."""
    asked(page)
    expect(page.locator("#question img[src]").count() == 0, "a picture is fetched that nobody wants to see")
    page.click("#question summary")
    return page.evaluate("""async () => {
        const image = document.querySelector("#question img");
        if (image === null) return false;  // It failed already.
        for (let tries = 0; tries < 300 && image.isConnected && image.naturalWidth === 0; tries += 1) {
            await new Promise((done) => { setTimeout(done, 100); });
        }
        return image.isConnected && image.naturalWidth > 0;
    }""")


def verdict(page, text):
    page.evaluate("document.getElementById('verdict').replaceChildren()")
    page.fill("#answer", text)
    page.click("#show button[type=submit]")
    page.wait_for_selector("#verdict > *", timeout=30_000)
    return page.get_attribute("#verdict > div", "class"), page.text_content("#verdict")


def look(page, name):
    page.screenshot(path=str(Path(FOLDER) / f"partner-{name}.png"), full_page=True)
    width = page.evaluate("document.documentElement.scrollWidth")
    expect(width <= PHONE["width"], f"{name}: {width} wide")


def open_page(page, language):
    page.goto(f"{ADDRESS}/hearts/partner?lang={language}")
    page.wait_for_selector("html[data-ready=true]", timeout=30_000)
    page.select_option("#channel", f"{PARTNER}:{THRESHOLD}")


def online(page, language):
    open_page(page, language)
    expect(drawn(page), f"{language}: no QR code")
    look(page, f"{language}-asked")
    question = asked(page)
    expect(question.split(":")[-3:-1] == [PARTNER, THRESHOLD], f"question {question}")
    shown = answer(question, YES)
    kind, text = verdict(page, shown)
    expect(kind == "verdict" and THRESHOLD in text, f"{language} yes: {kind} {text}")
    look(page, f"{language}-yes")
    kind, text = verdict(page, shown)
    expect(kind == "verdict bad" and "credential.replayed" in text, f"{language} replayed: {text}")
    kind, text = verdict(page, answer(asked(page), NO))
    expect(kind == "verdict bad" and THRESHOLD in text and "credential." not in text, f"{language} no: {text}")
    look(page, f"{language}-no")
    shown = answer(asked(page), YES)
    bare = "~".join(shown.split("~")[:2]) + "~"
    expect("credential.no_key_binding" in verdict(page, bare)[1], "a stripped answer passes")
    bent = shown[:-3] + ("AAA" if shown[-3:] != "AAA" else "BBB")
    expect(verdict(page, bent)[0] == "verdict bad", "a bent answer passes")
    expect(verdict(page, shown)[0] == "verdict", "a question was used up by what does not hold")
    checked.append(f"online-{language}")


def offline(context, page):
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)", timeout=30_000)
    context.set_offline(True)
    open_page(page, "en")
    expect(not drawn(page) and page.locator("#question .note").count() == 1, "a QR code without a network")
    expect(verdict(page, answer(asked(page), YES))[0] == "verdict", "does not open without a network")
    expect(verdict(page, answer(asked(page), NO))[0] == "verdict bad", "opens without a network at too little")
    context.set_offline(False)
    checked.append("offline")


def begin(page, script, values):
    """Starts a script in a page and does not wait for it: `ended` does."""
    page.evaluate(f"(values) => {{ window.begun = ({script})(values); }}", values)


def ended(page):
    return page.evaluate("window.begun")


# Writes questions and lists, one after another, from a moment at which another window begins, too.
WRITING = """async ({ window: name, start, count }) => {
    const { Store } = await import("/partner/store.js");
    const store = await Store.open();
    while (Date.now() < start) await new Promise((done) => { setTimeout(done, 1); });
    for (let i = 0; i < count; i += 1) {
        const time = Math.floor(Date.now() / 1000);
        await Promise.all([
            store.ask({ nonce: `${name}-${i}`, time, isAnswered: false }), store.keepList(`${name}-${i}`, name),
            store.pinFirst("{}")]);
    }
}"""
KEPT = """async () => {
    const { Store } = await import("/partner/store.js");
    return (await Store.open()).kept;
}"""
# Tells whether it was the first to take a question, for each of them.
TAKING = """async ({ start, nonces }) => {
    const { Store } = await import("/partner/store.js");
    const store = await Store.open();
    while (Date.now() < start) await new Promise((done) => { setTimeout(done, 1); });
    const taken = [];
    for (const nonce of nonces) taken.push(await store.take(nonce));
    return taken;
}"""


def two_windows(context, page):
    """Two windows of a shop at once: nothing is lost that one of them writes, and one of them takes an answer."""
    other = context.new_page()
    other.on("pageerror", lambda error: faults.append(f"script: {error}"))
    open_page(other, "en")
    open_page(page, "en")
    before, count = page.evaluate(KEPT), 60
    for name, window in (("a", page), ("b", other)):
        begin(window, WRITING, {"window": name, "start": time.time() * 1000 + 500, "count": count})
    ended(page), ended(other)
    kept = page.evaluate(KEPT)
    written = {f"{name}-{i}" for name in "ab" for i in range(count)}
    lost = written - {question["nonce"] for question in kept["questions"]}
    expect(not lost, f"questions lost between windows: {sorted(lost)}")
    expect(not written - set(kept["lists"]), "status lists lost between windows")
    expect(kept["keys"] == before["keys"] and set(before["lists"]) <= set(kept["lists"]), "the pin is another one")
    for window in (page, other):
        begin(window, TAKING, {"start": time.time() * 1000 + 500, "nonces": sorted(written)})
    firsts = list(zip(ended(page), ended(other)))
    expect(len(firsts) == len(written) and all(one != two for one, two in firsts), "a question is taken twice or never")
    # The same by hand: one answer, put into both windows.
    shown = answer(asked(page), YES)
    for window in (page, other):
        window.fill("#answer", shown)
    for window in (page, other):
        window.evaluate("void document.getElementById('show').requestSubmit()")
    said = []
    for window in (page, other):
        window.wait_for_selector("#verdict > *", timeout=30_000)
        said.append(window.get_attribute("#verdict > div", "class"))
    expect(sorted(said) == ["verdict", "verdict bad"], f"one answer in two windows: {said}")
    other.close()
    checked.append("two_windows")


def other_keys(page):
    """The site gives another key than the one pinned: the page says so and goes on with its own."""
    keys = json.loads(page.evaluate(KEPT)["keys"])
    keys["keys"][0]["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    page.evaluate("""async (keys) => {
        const { Store } = await import("/partner/store.js");
        await (await Store.open()).pin(keys);
    }""", json.dumps(keys))
    open_page(page, "en")
    expect(page.locator("#pin .verdict.bad").count() == 1, "says nothing of another key")
    expect("credential.bad_signature" in verdict(page, answer(asked(page), YES))[1], "takes the site's key by itself")
    page.click("#pin button")
    expect(verdict(page, answer(asked(page), YES))[0] == "verdict", "does not take the key it is told to take")
    checked.append("other_keys")


def main():
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport=PHONE, is_mobile=True)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        for language in ("zh", "en"):
            online(page, language)
        offline(context, page)
        two_windows(context, page)
        other_keys(page)
        browser.close()
    for fault in faults:
        print(fault, file=sys.stderr)
    json.dump({"checked": checked}, sys.stdout)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
