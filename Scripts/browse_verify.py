#!/usr/bin/env python3
"""Lets a real browser check files of a node on its page /verify, right ones and wrong ones.

    Scripts/browse_verify.py ADDRESS FOLDER [CHROMIUM]

ADDRESS is a node's (http://127.0.0.1:8080); FOLDER gets pictures. What the page has to do stands in the functions
below: accept a receipt and a statement, say in words what is wrong with bent ones, take no address of another site,
work without a network or with one that never answers, with an old browser and in both languages, shout when chain,
policy or checkpoint change, and be of use without JavaScript.

Prints one JSON object and exits 0 when nothing was found wrong; prints each fault and exits 1 otherwise.
"""

import base64
import gzip
import json
import re
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from browse_pages import AXE, AXE_OPTIONS, FACTS, LANGUAGES, SCREENS, ask, judge, wait_for_index
from playwright.sync_api import Error, sync_playwright

# What an old browser lacks: the page then does the arithmetic of signatures itself.
WITHOUT_ED25519 = """{
  const subtle = crypto.subtle, known = subtle.importKey.bind(subtle)
  subtle.importKey = (...words) => words[2]?.name === 'Ed25519'
    ? Promise.reject(new DOMException('unknown', 'NotSupportedError')) : known(...words)
}"""
# Time passes faster for what waits: half a second in the place of a minute.
IMPATIENT = """{
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  AbortSignal.timeout = milliseconds => timeout(Math.min(milliseconds, 500))
}"""
ERRORS = """{
  document.addEventListener('securitypolicyviolation',
    e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))
}"""


def fetch(address, path):
    with urllib.request.urlopen(address + path) as answer:
        body = answer.read()
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def files_of(address):
    """A receipt and a statement, and the addresses they are from."""
    done = next(item for item in ask(address, "/v1/transactions")["items"] if item["code"] == "success")
    cases = ask(address, "/v1/cases")["items"]
    member = cases[0]["membership"] if cases else 0
    paths = {"receipt": f"/v1/receipts/{done['hash']}", "statement": f"/v1/members/{member}/statement"}
    return paths, {name: fetch(address, path) for name, path in paths.items()}


def bent_byte(text, at=-5):
    """Base64 of the same bytes but one."""
    content = bytearray(base64.b64decode(text))
    content[at] ^= 1
    return base64.b64encode(content).decode()


def bent(files):
    """Wrong files: name, bytes, and the code that the page has to give."""
    receipt, statement = (json.loads(files[name]) for name in ("receipt", "statement"))
    yield "entry", {**receipt, "entry": bent_byte(receipt["entry"])}, "proof.not_included"
    yield "chain", {**receipt, "chain": "0" * 64}, "proof.wrong_chain"
    seal = dict(receipt["seal"])
    lines = seal["checkpoint"].splitlines(keepends=True)
    yield "quorum", {**receipt, "seal": {**seal, "checkpoint": "".join(lines[:-2])}}, "proof.no_quorum"
    yield "change", {**statement, "changes": statement["changes"][:-1]}, "proof.broken_history"
    record = statement["membership"]["record"]
    membership = {**statement["membership"], "record": bent_byte(record)}
    yield "record", {**statement, "membership": membership}, "proof.not_included"
    yield "number", files["receipt"].replace(b'"index"', b'"index" : 1.0, "was"', 1), "proof.malformed"
    yield "twice", files["receipt"].replace(b'"index"', b'"chain" : "", "index"', 1), "proof.malformed"
    yield "cut", files["receipt"][:-20], "proof.malformed"


class Reader:
    """One browser with its storage: what it hears, asks and finds."""

    def __init__(self, chromium, address, language="zh", screen="phone", **options):
        self.address, self.language, self.screen = address, language, screen
        self.faults, self.scripts = [], options.pop("scripts", [])
        self.quiet = options.pop("quiet", False)
        self.context = chromium.new_context(locale=LANGUAGES[language], **SCREENS[screen], **options)
        for script in [ERRORS, *self.scripts]:
            self.context.add_init_script(script)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.where}: {error}"))
        self.page.on("request", lambda request: self.meet(request.url))

    @property
    def where(self):
        return f"{self.language} {self.screen}"

    def hear(self, kind, text):
        if kind in ("error", "warning") and not self.quiet and "blocked by Playwright" not in text:
            self.faults.append(f"{self.where}: console: {text}")

    def meet(self, url):
        if urlsplit(url).scheme != "blob" and urlsplit(url).netloc != urlsplit(self.address).netloc:
            self.faults.append(f"{self.where}: asks another host: {url}")

    def expect(self, holds, what):
        if not holds:
            self.faults.append(f"{self.where}: {what}; the page says: {self.page.inner_text('main')[:600]!r}")

    def open(self, path="/verify"):
        self.page.goto(self.address + path)
        self.page.wait_for_selector("html[data-ready]", state="attached", timeout=15_000)

    def give(self, name, content):
        """Chooses a file, and waits for the verdict."""
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.page.evaluate("document.getElementById('verdict').replaceChildren()")
        self.page.set_input_files("#file", {"name": name, "mimeType": "application/json", "buffer": content})
        self.page.wait_for_selector("#verdict > *", timeout=30_000)

    def accepted(self, what):
        self.expect(self.page.query_selector("#verdict > .verdict:not(.bad)"), f"{what} is not accepted")
        self.expect(not self.page.query_selector("#steps li:not([class=''])"), f"{what}: a step did not pass")
        self.expect(self.page.query_selector("#summary dl.facts dd"), f"{what}: no summary")

    def refused(self, what, code):
        self.expect(self.page.query_selector("#verdict > .verdict.bad"), f"{what} is not refused")
        shown = self.page.text_content("#verdict") or ""
        self.expect(code in shown, f"{what} is refused with another code than {code}")
        self.expect(len(self.page.query_selector_all("#verdict p")) >= 2, f"{what}: nothing in words")
        self.expect(not self.page.query_selector("#summary *"), f"{what}: a summary of a refused file")

    def judge(self, what, folder):
        """The rules of all pages, with what stands on this one now."""
        for scheme in ("light", "dark") if self.screen == "phone" else ("light",):
            self.page.emulate_media(color_scheme=scheme)
            facts = self.page.evaluate(FACTS)
            for fault in judge(facts, self.language, self.screen, 200, 200):
                self.faults.append(f"{self.where} {what} {scheme}: {fault}")
            self.page.evaluate(AXE)
            for violation in self.page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)["violations"]:
                self.faults.append(f"{self.where} {what} {scheme}: axe {violation['id']}: "
                                   + str([node["html"][:200] for node in violation["nodes"]][:2]))
            self.page.screenshot(
                path=folder / f"verify-{what}.{self.language}.{self.screen}.{scheme}.png", full_page=True)


def right_and_wrong(reader, paths, files, folder):
    reader.open()
    for name, content in files.items():
        reader.give(f"{name}.json", content)
        reader.accepted(name)
        reader.judge(name, folder)
        reader.give(f"{name}.json.gz", gzip.compress(content))
        reader.accepted(f"{name}, packed")
    for name, content, code in bent(files):
        reader.give(f"{name}.json", content)
        reader.refused(f"a file with another {name}", code)
    reader.judge("refused", folder)
    for path in paths.values():
        reader.open(f"/verify?file={path}")
        reader.accepted(path)
    for path in ["https://example.org/x", "//example.org/x", "/\\example.org/x", "javascript:1"]:
        reader.open(f"/verify?file={path}")
        reader.expect(not reader.page.query_selector("#steps li"), f"{path} is read")


def of_something_else(reader, paths, files):
    """A right proof of something else than what the address asks for."""
    receipt = paths["receipt"]
    other = receipt[:-64] + "0" * 64
    reader.page.route(
        lambda url: urlsplit(url).path == other,
        lambda route: route.fulfill(body=files["receipt"], content_type="application/json"))
    reader.open(f"/verify?file={other}")
    reader.refused("a receipt of another transaction", "proof.not_included")


def slow_site(reader, paths, files):
    """A site that takes a question and never answers holds nobody up."""
    reader.open()
    # A browser says in its console what did not answer.
    reader.quiet = True
    for silent, path in [(paths["receipt"], f"/verify?file={paths['receipt']}"), ("/v1/chains", "/verify")]:
        reader.page.route(lambda url, silent=silent: urlsplit(url).path == silent, lambda route: None)
        reader.open(path)
        said = reader.page.query_selector("#verdict > .note")
        reader.expect(bool(said) == ("?" in path), f"{path}, without an answer from {silent}")
        reader.expect(not reader.page.query_selector("#steps li"), "what never came is read")
        reader.give("receipt.json", files["receipt"])
        reader.accepted(f"a receipt, while {silent} does not answer")


def without_network(reader, files):
    reader.open()
    reader.page.evaluate("() => navigator.serviceWorker.ready")
    reader.page.wait_for_function("() => caches.match('/verify?lang=en')")
    reader.context.set_offline(True)
    # A browser says in its console that there is no network.
    reader.quiet = True
    for path in ["/verify", "/verify?lang=en", "/verify?file=/v1/receipts/1"]:
        reader.open(path)
        for name, content in files.items():
            reader.give(f"{name}.json", content)
            reader.accepted(f"{name}, without a network at {path}")
    reader.expect(reader.page.query_selector("#pins .card code"), "what is trusted is not kept without a network")
    reader.context.set_offline(False)


def alarms(reader, files):
    reader.open()
    pinned = reader.page.text_content("#pins code")
    chains = json.loads(fetch(reader.address, "/v1/chains"))
    name = chains["chains"][0]["name"]
    policy = fetch(reader.address, f"/log/{name}/policy").decode()
    fewer = re.sub(r"^group quorum \d+", "group quorum 1", policy, flags=re.MULTILINE)

    reader.page.route("**/log/*/policy", lambda route: route.fulfill(body=fewer, content_type="text/plain"))
    reader.open()
    reader.expect(reader.page.query_selector("#alarms .bad button"), "another policy is taken silently")
    reader.give("receipt.json", files["receipt"])
    reader.accepted("a receipt, by the policy kept before")
    reader.page.unroute("**/log/*/policy")

    other = {"chains": [{**chains["chains"][0], "id": "ab" * 32}]}
    reader.page.route("**/v1/chains", lambda route: route.fulfill(body=json.dumps(other)))
    reader.open()
    reader.expect(reader.page.query_selector("#alarms .bad"), "another chain id is taken silently")
    reader.expect(reader.page.text_content("#pins code") == pinned, "another chain id takes the place of the kept one")
    reader.page.unroute("**/v1/chains")

    reader.page.evaluate("""() => {
      const place = 'tongzhou.verify.checkpoints', kept = JSON.parse(localStorage.getItem(place))
      for (const list of Object.values(kept)) for (const item of list) item.root = '00'.repeat(32)
      localStorage.setItem(place, JSON.stringify(kept))
    }""")
    reader.open()
    reader.expect("proof.split_view" in (reader.page.text_content("#alarms") or ""), "another log is taken silently")
    reader.give("statement.json", files["statement"])
    reader.refused("a statement of another log", "proof.split_view")


def own_trust(reader, files):
    """What the reader brings herself counts, and the site changes nothing about it."""
    reader.open()
    chain = json.loads(files["receipt"])["chain"]
    name = json.loads(fetch(reader.address, "/v1/chains"))["chains"][0]["name"]
    policy = fetch(reader.address, f"/log/{name}/policy").decode()
    reader.page.evaluate("document.querySelector('#own').closest('details').open = true")
    for wrong in [("12", policy), (chain, "log nothing\n")]:
        reader.page.fill("#own-chain", wrong[0])
        reader.page.fill("#own-policy", wrong[1])
        reader.page.press("#own-chain", "Enter")
        reader.page.wait_for_selector("#own-answer .bad")
        reader.page.evaluate("document.getElementById('own-answer').replaceChildren()")
    reader.page.fill("#own-chain", re.sub("(....)", r"\1 ", chain.upper()))
    reader.page.fill("#own-policy", policy.rstrip("\n"))
    reader.page.press("#own-chain", "Enter")
    reader.page.wait_for_selector("#own-answer .verdict:not(.bad)")
    reader.give("receipt.json", files["receipt"])
    reader.accepted("a receipt, by one's own policy")
    reader.expect(len(reader.page.query_selector_all("#pins .card")) == 1, "what the site named still counts")

    reader.page.click("#forget")
    reader.page.wait_for_selector("#alarms .note")
    reader.page.evaluate("document.getElementById('own-answer').replaceChildren()")
    reader.page.fill("#own-chain", "cd" * 32)
    reader.page.click("#own button[type=submit]")
    reader.page.wait_for_selector("#own-answer .verdict:not(.bad)")
    reader.expect(reader.page.query_selector("#alarms .bad"), "no alarm where the site has another chain than mine")
    reader.give("receipt.json", files["receipt"])
    reader.refused("a receipt of the site's chain", "proof.wrong_chain")


# What a reversal took back is not said to be lost: of each word whether it stands there for a void lot or for others.
TAKEN_BACK = {"zh": [("收回", True), ("损耗", False)], "en": [("Taken back", True), ("Lost", False)]}
VECTORS = Path(__file__).resolve().parent.parent / "TestVectors"
VERDICT = """async ({content, options}) => {
  const {verify, Refused} = await import('/verify/verify.js')
  const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0))
  return verify(bytes, options).then(() => 'valid', error => error instanceof Refused ? error.code : String(error))
}"""


def vectors(reader, folder):
    """Every file of TestVectors gets its verdict; every refusal stands on the page in words, and every way in steps."""
    listing = json.loads((VECTORS / "vectors.json").read_text())
    policies = {name: (VECTORS / file).read_text() for name, file in listing["policies"].items()}
    reader.open()
    trusted, asked = None, {"table", "ordinal"}
    for vector in sorted(listing["vectors"], key=lambda vector: (vector["chain"], vector["policy"])):
        content, what = (VECTORS / vector["file"]).read_bytes(), f"{vector['file']} ({vector['reason']})"
        options = {name: vector[name] for name in asked & vector.keys()}
        options |= {"chain": vector["chain"], "policy": policies[vector["policy"]]}
        found = reader.page.evaluate(VERDICT, {"content": base64.b64encode(content).decode(), "options": options})
        reader.expect(found == vector["verdict"], f"{what} is {found} and not {vector['verdict']}")
        is_way = vector["kind"] == "way" and vector["verdict"] == "valid"
        # A page that is given a file asks for no record in particular.
        if not is_way and (vector["verdict"] == "valid" or {"another record", "another table"} & set(re.findall(
                "another record|another table", vector["reason"]))):
            continue
        if trusted != (vector["chain"], vector["policy"]):
            trusted = (vector["chain"], vector["policy"])
            reader.page.evaluate("document.querySelector('#own').closest('details').open = true")
            reader.page.click("#forget")
            reader.page.evaluate("document.getElementById('own-answer').replaceChildren()")
            reader.page.fill("#own-chain", vector["chain"])
            reader.page.fill("#own-policy", policies[vector["policy"]])
            reader.page.press("#own-chain", "Enter")
            reader.page.wait_for_selector("#own-answer .verdict:not(.bad)")
        reader.give(vector["file"], content)
        if not is_way:
            reader.refused(what, vector["verdict"])
            continue
        reader.accepted(what)
        plain = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        shown = len(reader.page.query_selector_all("#summary tbody tr"))
        reader.expect(shown == len(json.loads(plain)["steps"]), f"{what} shows {shown} steps")
        is_void = "reversal" in json.loads(plain)
        figures = reader.page.inner_text("#summary dl.figures")
        for word, of_void in TAKEN_BACK[reader.language]:
            reader.expect((word in figures) == (of_void == is_void), f"{what}: {figures!r}, void {is_void}")
        if vector["reason"] == "the way of meal":
            reader.judge("way", folder)
    reader.judge("vector", folder)


def without_script(reader):
    reader.page.goto(reader.address + "/verify")
    said = reader.page.inner_text("main")
    reader.expect("--genesis" in said and "JavaScript" in said, "nothing is said to who has no JavaScript")
    reader.expect(not reader.page.is_visible("#file"), "a field that does nothing")


def main(address, folder, chromium="/usr/bin/chromium"):
    address, folder = address.rstrip("/"), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    wait_for_index(address)
    paths, files = files_of(address)
    faults, checked = [], []
    with sync_playwright() as playwright:
        # Tests run as root in containers, where Chromium's own sandbox cannot.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])

        def read(work, *words, **options):
            reader = Reader(browser, address, **options)
            try:
                work(reader, *words)
            except Error as error:
                reader.faults.append(f"{reader.where}: {error}")
            faults.extend(f"{work.__name__}: {fault}" for fault in reader.faults)
            checked.append(work.__name__)
            reader.context.close()

        for language, screen in [("zh", "phone"), ("en", "phone"), ("zh", "desk")]:
            read(right_and_wrong, paths, files, folder, language=language, screen=screen)
        read(right_and_wrong, paths, files, folder, language="en", screen="desk", scripts=[WITHOUT_ED25519])
        read(of_something_else, paths, files, service_workers="block")
        read(slow_site, paths, files, service_workers="block", scripts=[IMPATIENT])
        read(without_network, files)
        read(alarms, files, service_workers="block")
        read(own_trust, files)
        for language, screen in [("zh", "phone"), ("en", "desk")]:
            read(vectors, folder, language=language, screen=screen)
        read(without_script, java_script_enabled=False)
        browser.close()
    for fault in faults:
        print(fault, file=sys.stderr)
    print(json.dumps({"checked": checked, "faults": len(faults)}))
    return 1 if faults else 0


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
