#!/usr/bin/env python3
"""Checks the rules of the rooms that no compiler checks (CONTRIBUTING.md, "What make check looks at").

    Scripts/check_rooms.py [ROOT]

prints each finding as `path:line: rule: what` and exits 1 when there is one. It reads text, not syntax
trees: it catches the slip, not the person who hides a clock on purpose. That is what reviews are for.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

PURE = ("TransparencyLog", "Ledger", "Consortium", "MutualAid", "HeartChain", "Contracts")
CONTRACTS = ("Consortium", "MutualAid", "HeartChain", "Contracts")
PURE_PACKAGES = ("Crypto", "SwiftProtobuf", "Collections", "HeapModule")

# Room -> (rooms directly below, modules of packages). What lies below those rooms may be imported too.
ROOMS = {
    "TransparencyLog": ((), ("Crypto", "CSHA256")),
    "Ledger": (("TransparencyLog",), PURE_PACKAGES),
    "Consortium": (("Ledger",), PURE_PACKAGES),
    "MutualAid": (("Ledger", "Consortium"), PURE_PACKAGES),
    "HeartChain": (("Ledger", "Consortium"), PURE_PACKAGES),
    "Contracts": (("MutualAid", "HeartChain"), PURE_PACKAGES),
    "Storage": (("Ledger", "TransparencyLog"), ("GRDB", "GRDBSQLite")),
    "Vault": ((), ("Crypto",)),
    "Credentials": ((), ("Crypto", "CZlib", "JWTKit")),
    "Exchange": (("HeartChain",), ("Crypto",)),
    "EtcdOrdering": (("Ledger",), ("GRPCCore", "GRPCNIOTransportHTTP2", "GRPCProtobuf", "SwiftProtobuf")),
    "Node": (("Storage", "EtcdOrdering", "TongzhouClient") + CONTRACTS, ("Logging", "Metrics", "ServiceLifecycle")),
    "TongzhouClient": (
        ("TransparencyLog", "Ledger", "Vault") + CONTRACTS,
        ("Crypto", "CQREncode", "CZlib", "SwiftProtobuf", "AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOSSL", "SwiftCSV",
         "Yams")),
    "Custodian": (("TongzhouClient",), ("AsyncHTTPClient", "Crypto", "X509")),
    "PaymentSandbox": (("TongzhouClient",), ("AsyncHTTPClient", "Crypto", "X509")),
    "Hospital": (("TongzhouClient",), ("X509",)),
    "Server": (("Node", "Vault", "Credentials", "Exchange", "TongzhouClient"),
        ("Hummingbird", "HummingbirdCore", "HummingbirdTLS", "HTTPTypes", "Mustache", "NIOCore", "NIOHTTP1",
         "NIOHTTPTypes", "Logging", "CoreMetrics", "Metrics", "ServiceLifecycle", "X509", "SwiftASN1", "Crypto", "NIOSSL")),
    "Simulator": (("Ledger",) + CONTRACTS, ("Crypto",)),
    "TestSupport": (("Ledger", "Storage") + CONTRACTS, ("Crypto",)),
    "HistoryProbe": (("TestSupport", "Simulator", "TongzhouClient"), ()),
    "tongzhou": (
        ("Storage", "Vault", "Credentials", "Exchange", "EtcdOrdering", "Node", "TongzhouClient", "Custodian", "PaymentSandbox", "Hospital",
         "Server", "Simulator"), ("ArgumentParser", "AsyncHTTPClient", "CMalloc", "Configuration", "Crypto", "Hummingbird",
            "Logging", "Metrics", "NIOCore", "NIOHTTP1", "ServiceLifecycle", "UnixSignals", "Yams")),
}

# Modules that come with the toolchain. A pure room gets `Data`, which protobuf fields are made of, and
# nothing else; what else FoundationEssentials holds is among the banned words.
SYSTEM_PURE = {"FoundationEssentials"}
SYSTEM = SYSTEM_PURE | {"Foundation", "FoundationNetworking", "FoundationXML", "Glibc", "Musl", "Dispatch", "Synchronization"}

# What a pure room may not say, and why. Its value would differ between two runs or two machines.
BANNED = [
    ("clock", r"\bDate\s*\(|\bDate\.(?:now|init)\b|\b(?:Continuous|Suspending)Clock\b|\bDispatchTime\b"
              r"|\bclock_gettime\b|\bgettimeofday\b"),
    ("dice", r"\bUUID\s*\(|\.random\s*\(|\.shuffled?\b|\brandomElement\b|\bSystemRandomNumberGenerator\b"
             r"|\barc4random"),
    ("floating point", r"\b(?:Double|Float|Float16|Float32|Float64|Float80|CGFloat|TimeInterval)\b"
                       r"|(?<![\w.$])\d[\d_]*\.\d"),
    ("environment", r"\bProcessInfo\b|\bgetenv\b|\bCommandLine\b|\b(?:Locale|TimeZone|Calendar)\.(?:current|auto)"),
    ("file", r"\bFileManager\b|\bFileHandle\b|\bfopen\b|(?<![\w.])(?:print|debugPrint|dump)\s*\("),
    ("thread", r"\bTask\s*\{|\bTask\s*\(|\bTask\.(?:detached|init|immediate)\b|\bDispatchQueue\b"),
]
# Values seeded anew in each process. A line may use one where only equality counts, and says so.
SEEDED = r"\bhashValue\b|\bHasher\b"
ORDER_FREE = re.compile(r"//\s*order-free:\s*\S")

UNSAFE = [("try!", r"\btry!"), ("as!", r"\bas!"), ("fatalError", r"\bfatalError\s*\(")]
NOTES = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
MAXIMUM_LINES = 400
MAXIMUM_COLUMNS = 120

IMPORT = re.compile(
    r"^[ \t]*(?P<before>(?:@\w+[ \t]+|(?:public|package|internal|fileprivate|private)[ \t]+)*)import[ \t]+"
    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)[ \t]+)?(?P<module>\w+)", re.M)
DECLARATION = re.compile(
    r"\b(?:func|struct|class|enum|protocol|extension|actor|let|var|typealias|init|subscript|macro|operator)\b")

CODE = re.compile(
    r"static\s+let\s+\w+(?:\s*:\s*(?P<annotation>[\w.]+))?\s*=\s*"
    r"(?P<type>(?:\w+\.)*(?:Error)?Code(?:\.init)?|Self(?:\.init)?|\.init)\s*\(\s*"
    r"(?:(?:\w+:\s*)?(?P<number>\d[\d_]*)\s*,\s*)?(?:\w+:\s*)?\"(?P<name>[^\"\n]+)\"")
CODE_TYPE = re.compile(r"(?:\w+\.)*(?:Error)?Code")
TYPE = re.compile(r"\b(?:extension|struct|class|enum|actor|protocol)\s+(?P<name>[\w.]+)[^{}]*\{")
CODE_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
ROW_CODE = re.compile(rf"^\|[^|`]*\|\s*`({CODE_NAME.pattern})`\s*\|")


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    what: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.what}"


class Source(NamedTuple):
    """One Swift file: as it is; without comments; without comments and strings. Offsets agree."""
    path: str
    text: str
    uncommented: str
    code: str

    @property
    def room(self):
        parts = self.path.split("/")
        return parts[1] if parts[0] == "Sources" and len(parts) > 2 else None

    @property
    def is_generated(self):
        return "/Generated/" in self.path

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def order_free(self, offset):
        """Whether the line of `offset` ends in a comment that says why order does not matter."""
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        found = ORDER_FREE.search(self.text, start, end)
        return bool(found) and self.uncommented[found.start()] == " "


def strip(text):
    """Blanks comments, and comments with strings. Code interpolated into a string stays code."""
    no_comments, no_strings = list(text), list(text)
    i = 0

    def blank(start, end, *layers):
        for layer in layers:
            for k in range(start, end):
                if layer[k] != "\n":
                    layer[k] = " "

    def code(i, inside_string):
        """Walks over code; in an interpolation up to the parenthesis that ends it."""
        depth = 0
        while i < len(text):
            if text.startswith("//", i):
                end = text.find("\n", i)
                end = len(text) if end < 0 else end
                blank(i, end, no_comments, no_strings)
                i = end
            elif text.startswith("/*", i):
                end = block_comment(i)
                blank(i, end, no_comments, no_strings)
                i = end
            elif opening := re.compile(r'(#*)("""|")').match(text, i):
                i = string(i, opening[1], opening[2])
            else:
                if inside_string:
                    depth += {"(": 1, ")": -1}.get(text[i], 0)
                    if depth < 0:
                        return i
                i += 1
        return i

    def block_comment(i):
        depth = 0
        for mark in re.compile(r"/\*|\*/").finditer(text, i):
            depth += 1 if mark[0] == "/*" else -1
            if depth == 0:
                return mark.end()
        return len(text)

    def string(start, hashes, quote):
        i = start + len(hashes) + len(quote)
        blank(start, i, no_strings)
        escape = "\\" + hashes
        while i < len(text):
            if text.startswith(quote + hashes, i):
                end = i + len(quote) + len(hashes)
                blank(i, end, no_strings)
                return end
            if text.startswith(escape + "(", i):
                opening = i + len(escape) + 1
                blank(i, opening, no_strings)
                i = code(opening, True)
                blank(i, min(i + 1, len(text)), no_strings)
                i += 1
            elif text.startswith(escape, i):
                blank(i, min(i + len(escape) + 1, len(text)), no_strings)
                i += len(escape) + 1
            elif text[i] == "\n" and quote == '"':
                return i
            else:
                blank(i, i + 1, no_strings)
                i += 1
        return i

    code(i, False)
    return "".join(no_comments), "".join(no_strings)


def rooms_below(room):
    """The rooms that `room` may import: those in the table and whatever they may import."""
    below = set()
    for lower in ROOMS[room][0]:
        below |= {lower} | rooms_below(lower)
    return below


def check_imports(source):
    room = source.room
    if room is not None and room not in ROOMS:
        yield Finding(source.path, 1, "import", f"the room {room} has no row in the table of Scripts/check_rooms.py")
        return
    for found in IMPORT.finditer(source.code):
        line, module, before = source.line(found.start("module")), found["module"], found["before"].split()
        if room is None:
            continue
        if "@testable" in before:
            yield Finding(source.path, line, "import", f"@testable import {module} outside Tests")
        if "@_exported" in before:
            yield Finding(source.path, line, "import", f"@_exported import {module} hides where a name comes from")
        if not source.is_generated and not {"public", "package", "internal"} & set(before):
            yield Finding(source.path, line, "import", f"import {module} without public, package or internal")
        system = SYSTEM_PURE if room in PURE else SYSTEM
        # The generator names Foundation where FoundationEssentials is missing; here it never is.
        generated = {"Foundation"} if source.is_generated else set()
        if module not in rooms_below(room) | set(ROOMS[room][1]) | system | generated:
            yield Finding(source.path, line, "import", f"{room} may not import {module}")


def check_pure(source):
    if source.room not in PURE or source.is_generated:
        return
    for kind, pattern in BANNED:
        for found in re.finditer(pattern, source.code):
            yield Finding(
                source.path, source.line(found.start()), "pure", f"{kind}: {found[0].strip()} in a pure room")
    for offset, what in list(seeded_values(source.code)) + list(unordered_iterations(source.code)):
        if not source.order_free(offset):
            yield Finding(source.path, source.line(offset), "pure", f"order: {what} in a pure room")


def seeded_values(code):
    for found in re.finditer(SEEDED, code):
        yield found.start(), found[0]


def unordered_iterations(code):
    """Where the order of a Set or Dictionary can be seen to matter: loops and what behaves like one."""
    of_type = r"(?:Set\s*<|Dictionary\s*<|\[\s*[\w.]+\s*:\s*[^\]]+\])"
    names = set(re.findall(r"\b(\w+)\s*:\s*(?:inout\s+)?" + of_type, code))
    names |= set(re.findall(r"\b(?:let|var)\s+(\w+)\s*=\s*(?:" + of_type + r"|Set\s*\(|Dictionary\s*\()", code))
    ordered = set(re.findall(r"\b(\w+)\s*[:=]\s*Ordered(?:Set|Dictionary)\b", code))
    names -= ordered
    listed = "|".join(map(re.escape, sorted(names)))
    views = r"(?<!\w)(?P<base>\w+)?\s*\.\s*(?:keys|values)\b"

    for loop in re.finditer(r"\bfor\b[^{}]*?\bin\b(?P<over>[^{]*)\{", code):
        over = loop["over"]
        if ".sorted" in over:
            continue
        bare = re.split(r"\bwhere\b", over)[0].strip().removeprefix("self.")
        view = re.search(views, over)
        if view and view["base"] not in ordered:
            yield loop.start(), "a loop over keys or values"
        elif re.search(r"(?<!\w)(?:Set|Dictionary)\s*[(<]", over):
            yield loop.start(), "a loop over a Set or Dictionary"
        elif bare in names:
            yield loop.start(), f"a loop over {bare}, a Set or Dictionary"
    steps = r"\s*\.\s*(?:map|flatMap|compactMap|forEach|reduce|first|enumerated|popFirst|prefix)\b"
    for found in re.finditer(views + steps, code):
        if found["base"] not in ordered:
            yield found.end() - 1, "the order of keys or values"
    if names:
        for found in re.finditer(rf"(?<!\w)(?:{listed}){steps}", code):
            yield found.end() - 1, f"the order of {found[0].split('.')[0].strip()}, a Set or Dictionary"
        copy = rf"\bArray\s*\(\s*(?:self\.)?(?:{listed})\s*(?:\.(?:keys|values)\s*)?\)(?!\s*\.sorted)"
        for found in re.finditer(copy, code):
            yield found.start(), "an Array in the order of a Set or Dictionary"


def check_text(source):
    if source.is_generated:
        return
    lines = source.text.split("\n")
    count = len(lines) - (lines[-1] == "")
    if count > MAXIMUM_LINES:
        yield Finding(source.path, MAXIMUM_LINES + 1, "length", f"{count} lines, at most {MAXIMUM_LINES}")
    for number, line in enumerate(lines, 1):
        if len(line) > MAXIMUM_COLUMNS:
            yield Finding(source.path, number, "width", f"{len(line)} columns, at most {MAXIMUM_COLUMNS}")
        if "\t" in line:
            yield Finding(source.path, number, "tab", "a tab; indent with two spaces")
        if found := NOTES.search(line):
            yield Finding(source.path, number, "note", f"{found[0]}: do it now or open an issue")


def check_unsafe(source):
    if source.room is None or source.is_generated:
        return
    for name, pattern in UNSAFE:
        for found in re.finditer(pattern, source.code):
            yield Finding(source.path, source.line(found.start()), "trap", f"{name}: throw an error with a code")


def check_dead(source):
    if not source.is_generated and not DECLARATION.search(IMPORT.sub("", source.code)):
        yield Finding(source.path, 1, "dead", "a file that declares nothing")


def enclosing_type(code, offset):
    """The name of the innermost type or extension around `offset`; empty outside of all."""
    name = ""
    for found in TYPE.finditer(code, 0, offset):
        depth = 1
        for brace in re.compile(r"[{}]").finditer(code, found.end(), offset):
            depth += 1 if brace[0] == "{" else -1
            if depth == 0:
                break
        if depth > 0:
            name = found["name"]
    return name


def is_code(source, found):
    """Whether a static value is an error code: by the type it is made of, or by where it is declared."""
    if CODE_TYPE.fullmatch(found["type"].removesuffix(".init")):
        return True
    if found["annotation"] and found["annotation"] != "Self":
        return bool(CODE_TYPE.fullmatch(found["annotation"]))
    return bool(CODE_TYPE.fullmatch(enclosing_type(source.code, found.start())))


def check_codes(sources, root):
    """Every error code has a row in docs/errors.md, and every row a code; numbers and names are unique."""
    declared, numbers = {}, {}
    for source in sources:
        if source.room is None:
            continue
        for found in CODE.finditer(source.uncommented):
            place, name, number = (source.path, source.line(found.start())), found["name"], found["number"]
            is_name = CODE_NAME.fullmatch(name)
            # Outside of a type of codes only a dotted name tells a code from another static value.
            if not is_code(source, found) and not (is_name and "." in name):
                continue
            if not is_name:
                yield Finding(*place, "code", f"{name} is not of the form area.reason or area.two_words")
            if name in declared:
                yield Finding(*place, "code", f"{name} is declared in {declared[name][0][0]} already")
            declared[name] = (place, number)
            if number is not None and numbers.setdefault(int(number), name) != name:
                yield Finding(*place, "code", f"number {number} belongs to {numbers[int(number)]}")
    page = root / "docs" / "errors.md"
    if not page.is_file():
        return
    rows = {}
    for line, text in enumerate(page.read_text(encoding="utf-8").split("\n"), 1):
        found = ROW_CODE.match(text)
        if not found:
            continue
        name, place = found[1], ("docs/errors.md", line)
        if name in rows:
            yield Finding(*place, "code", f"a second row for {name}")
        rows[name] = line
        first = text.split("|")[1].strip()
        if name not in declared:
            yield Finding(*place, "code", f"{name} is not declared in the sources")
        elif first != str(int(declared[name][1]) if declared[name][1] else ""):
            number = declared[name][1] or "none"
            yield Finding(*place, "code", f"{name} is number {number} in the sources, {first or 'none'} here")
    for name, (place, _) in declared.items():
        if name not in rows:
            yield Finding(*place, "code", f"{name} has no row in docs/errors.md")


def load(root):
    paths = [path for folder in ("Sources", "Tests", "Examples") for path in (root / folder).rglob("*.swift")]
    if (root / "Package.swift").is_file():
        paths.append(root / "Package.swift")
    for path in sorted(paths):
        text = path.read_text(encoding="utf-8")
        yield Source(path.relative_to(root).as_posix(), text, *strip(text))


def check(root):
    """All findings in the package at `root`, and the number of files looked at."""
    sources = list(load(root))
    findings = []
    for source in sources:
        for rule in (check_imports, check_pure, check_text, check_unsafe, check_dead):
            findings += rule(source)
    findings += check_codes(sources, root)
    return sorted(set(findings)), len(sources)


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    findings, files = check(root)
    for finding in findings:
        print(finding)
    print(f"check_rooms: {files} files, {len(findings)} findings")
    return 1 if findings or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
