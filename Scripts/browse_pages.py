#!/usr/bin/env python3
"""Opens every public page of a node in a real browser, judges it, and takes its picture.

    Scripts/browse_pages.py ADDRESS FOLDER [CHROMIUM]

ADDRESS is a node's (http://127.0.0.1:8080). Each page is opened in Chinese and in English, as on a phone and on a
desk, in light and in dark; FOLDER gets a PNG of each. What is looked at stands in `judge`: status, console, content
security policy, requests to other hosts, width, languages, texts that were forgotten, and everything that axe-core
knows of the Web Content Accessibility Guidelines 2.2 A and AA, such as a contrast of 4.5 and the size of what is
tapped.

Prints one JSON object and exits 0 when nothing was found wrong; prints each fault and exits 1 otherwise.
"""

import json
import re
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import sync_playwright

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What another colour scheme can change: the page is the same one, and has been looked at as a whole.
COLOUR_OPTIONS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
LANGUAGES = {"zh": "zh-CN", "en": "en"}
SCREENS = {
    "phone": {
        "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True},
    "desk": {"viewport": {"width": 1280, "height": 800}},
}
SCHEMES = ("light", "dark")

# Pages that are not there.
MISSING = {"nothing", "nowhere"}

# Chinese characters and the punctuation that goes with them.
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
# Four words in a row are an English sentence: names, addresses and figures are shorter.
ENGLISH = re.compile(r"\b[A-Za-z]{2,}(?: [A-Za-z]+){3,}")

# What the page itself can say. Whatever is marked with another language is left out of `text`.
FACTS = """() => {
  const root = document.documentElement
  const foreign = [...document.querySelectorAll('body [lang]')].filter(e => e.lang !== root.lang)
  const shown = document.body.cloneNode(true)
  for (const e of shown.querySelectorAll('[lang]')) { if (e.lang !== root.lang) e.remove() }
  const small = []
  for (const e of document.querySelectorAll('nav a, .brand, .language, button, summary, input:not([type=hidden])')) {
    const box = e.getBoundingClientRect()
    if (box.width > 0 && box.height < 44) small.push(`${e.textContent.trim() || e.id}: ${box.height}`)
  }
  const wide = []
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('.skip, .hidden, thead')) continue
    const box = e.getBoundingClientRect()
    if (box.width > 0 && box.right > innerWidth + 1) wide.push(e.tagName + ' ' + e.textContent.trim().slice(0, 30))
  }
  const values = [...document.querySelectorAll('dd, td, th, h1, h2, h3, p, span')].map(e => e.textContent.trim())
  return {
    bare: values.filter(text => /^(false|true|nil|null|undefined|NaN)$|Optional\\(/.test(text)),
    lang: root.lang, title: document.title, width: root.scrollWidth, small, wide: wide.slice(0, 3),
    headings: [...document.querySelectorAll('h1')].map(e => e.innerText.trim()),
    empty: [...document.querySelectorAll('h1, h2, h3, dt, dd, th, caption, summary, li, a, main p')]
      .filter(e => !e.textContent.trim() && !e.querySelector('img:not([alt=""])')).map(e => e.outerHTML.slice(0, 80)),
    text: shown.textContent.replace(/\\s+/g, ' '), foreign: foreign.length, font: getComputedStyle(document.body).font,
  }
}"""


def ask(address, path):
    with urllib.request.urlopen(address + path) as answer:
        return json.load(answer)


def wait_for_index(address):
    """The search index is made anew after a start; pages that wait for it say so."""
    deadline = time.monotonic() + 60
    for chain in ask(address, "/v1/chains")["chains"]:
        while True:
            blocks = ask(address, f"/v1/blocks?chain={chain['name']}")["items"]
            if blocks and blocks[0]["height"] >= chain["height"]:
                break
            if time.monotonic() > deadline:
                raise TimeoutError("the node's search index does not come to the newest block")
            time.sleep(0.1)


def heart_pages(address):
    """The pages of a chain of hearts, by the gift with the longest way among a few of the oldest; none without one."""
    try:
        gifts = ask(address, "/v1/hearts/gifts?cursor=40")["items"]
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        return {}
    pages = {
        "hearts": "/hearts", "hearts-give": "/hearts/give", "hearts-signs": "/hearts/signs",
        "hearts-charities": "/hearts/charities", "hearts-projects": "/hearts/projects",
        "hearts-partner": "/hearts/partner",
    }
    bound = [gift for gift in gifts if gift.get("lot") is not None and gift.get("binding") == "address"]
    if bound:
        told = [ask(address, f"/v1/hearts/gifts/{gift['gift']}") for gift in bound[-12:]]
        gift = max(told, key=lambda gift: gift["impact"]["lots"] if gift.get("impact") else 0)
        pages |= {
            "hearts-gift": f"/hearts/gifts/{gift['gift']}", "hearts-project": f"/hearts/projects/{gift['project']}",
            "hearts-me": f"/hearts/me?address={gift['party']}",
        }
    return pages


def public_pages(address):
    """Name and path of every kind of page, by a case and a member with something to show where there are some."""
    cases = ask(address, "/v1/cases")["items"]
    told = [case for case in cases if case["status"] == "paid"] or cases
    case = told[0] if told else None
    plan = case["plan"] if case else 0
    transaction = ask(address, "/v1/transactions")["items"][0]
    pages = {
        "home": "/", "plans": "/plans", "plan": f"/plans/{plan}", "notices": "/notices",
        "organisations": "/organisations", "explorer": "/explorer",
        "block": f"/explorer/blocks/{transaction['height']}",
        "transaction": f"/explorer/transactions/{transaction['index']}",
        "member": f"/members/{case['membership'] if case else 0}", "search": "/search?q=1",
        "how": "/how", "how-ledger": "/how/ledger", "how-endorsement": "/how/endorsement", "how-proof": "/how/proof",
        "how-promise": "/how/promise",
        "verify": f"/verify?file=/v1/receipts/{transaction['hash']}",
        "nothing": "/plans/999999", "nowhere": "/nowhere",
    }
    if case:
        pages["case"] = f"/cases/{case['case']}"
        waiting = [other for other in cases if other["status"] in ("noticed", "decided", "filed", "confirmed")]
        if waiting:
            pages["case-waiting"] = f"/cases/{waiting[0]['case']}"
    return pages | heart_pages(address)


def judge(facts, language, screen, wanted_status, status):
    """Everything about a page that is not as it has to be."""
    if status != wanted_status:
        yield f"status {status}, not {wanted_status}"
    if facts["lang"] != LANGUAGES[language]:
        yield f"says its language is {facts['lang']}"
    if facts["width"] > SCREENS[screen]["viewport"]["width"]:
        yield f"scrolls sideways: {facts['width']} pixels; too wide: {facts['wide']}"
    if "⟦" in facts["text"] + facts["title"] or "{{" in facts["text"]:
        yield "shows the name of a text instead of the text"
    if left := re.search(r"\{[a-z_]+\}", facts["text"]):
        yield f"shows a value's name instead of the value: {left[0]}"
    if facts["bare"]:
        yield f"shows a value that is no text: {facts['bare'][:3]}"
    if len(facts["headings"]) != 1 or not facts["headings"][0]:
        yield f"has the main headings {facts['headings']}"
    if facts["empty"]:
        yield f"has empty elements: {facts['empty'][:3]}"
    if language == "en" and (found := HAN.findall(facts["text"] + facts["title"])):
        yield f"has Chinese in it: {found[:5]}"
    if language == "zh" and (found := ENGLISH.search(facts["text"] + facts["title"])):
        yield f"has English in it: {found[0]}"
    if screen == "phone" and facts["small"]:
        yield f"is hard to tap at: {facts['small'][:5]}"


class Browser:
    """One screen and language: its console, its requests and its pages."""

    def __init__(self, chromium, address, language, screen):
        self.address, self.language, self.screen = address, language, screen
        self.said, self.asked, self.faults = [], 0, []
        self.context = chromium.new_context(
            locale=LANGUAGES[language], timezone_id="America/New_York", **SCREENS[screen])
        # Violations of the policy that the console would not tell.
        self.context.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))")
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.hear("error", str(error)))
        self.page.on("request", lambda request: self.meet(request.url))
        self.page.on("requestfailed", lambda request: self.hear("error", f"no answer for {request.url}"))

    def hear(self, kind, text):
        # The page itself is asked to be missing; anything else that is missing is a fault.
        if kind in ("error", "warning") and not (self.missing and "404" in text):
            self.said.append(text)

    def meet(self, url):
        self.asked += 1
        if urlsplit(url).netloc != urlsplit(self.address).netloc:
            self.said.append(f"asks another host: {url}")

    def visit(self, name, path, folder):
        self.missing = name in MISSING
        wanted = 404 if self.missing else 200
        answer = self.page.goto(self.address + path, wait_until="load")
        if name == "verify":
            self.page.wait_for_selector("html[data-ready]", state="attached")
        self.page.evaluate(AXE)
        for scheme in SCHEMES:
            self.page.emulate_media(color_scheme=scheme)
            where = f"{name} {self.language} {self.screen} {scheme}"
            facts = self.page.evaluate(FACTS)
            found = list(judge(facts, self.language, self.screen, wanted, answer.status))
            options = AXE_OPTIONS if scheme == SCHEMES[0] else COLOUR_OPTIONS
            result = self.page.evaluate("options => axe.run(document, options)", options)
            for violation in result["violations"]:
                nodes = [node["html"][:120] + " " + node["any"][0]["message"][:160] if node["any"] else node["html"][:200]
                         for node in violation["nodes"]]
                found.append(f"axe {violation['id']} ({len(nodes)}): {nodes[:2]}")
            self.page.screenshot(
                path=folder / f"{name}.{self.language}.{self.screen}.{scheme}.png", full_page=True)
            found += self.said
            self.said.clear()
            self.faults += [f"{where}: {fault}" for fault in found]

    def close(self):
        self.context.close()


def main(address, folder, chromium="/usr/bin/chromium"):
    address = address.rstrip("/")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    wait_for_index(address)
    pages = public_pages(address)
    faults, asked = [], 0
    with sync_playwright() as playwright:
        # Tests run as root in containers, where Chromium's own sandbox cannot.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        version = browser.version
        for screen in SCREENS:
            for language in LANGUAGES:
                visitor = Browser(browser, address, language, screen)
                for name, path in pages.items():
                    visitor.visit(name, path, folder)
                faults += visitor.faults
                asked += visitor.asked
                visitor.close()
        browser.close()
    for fault in faults:
        print(fault, file=sys.stderr)
    shots = sum(1 for _ in folder.glob("*.png"))
    print(json.dumps({"pages": sorted(pages), "screenshots": shots, "requests": asked, "chromium": version,
                      "faults": len(faults)}))
    return 1 if faults else 0


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
