#!/usr/bin/env python3
"""Proves that each rule of check_rooms.py fires on a small bad file and is silent on a good one."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import check_rooms

SCRIPT = Path(check_rooms.__file__)


def findings(files):
    """The findings, as `line rule what`, in a package that consists of these files."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return [f"{found.line} {found.rule} {found.what}" for found in check_rooms.check(Path(folder))[0]]


class Rules(unittest.TestCase):
    def finds(self, rule, path, text, line=1, containing="", others=None):
        found = findings({path: text, **(others or {})})
        self.assertEqual(1, len(found), found)
        self.assertTrue(found[0].startswith(f"{line} {rule} "), found)
        self.assertIn(containing, found[0])

    def passes(self, path, text, others=None):
        self.assertEqual([], findings({path: text, **(others or {})}))

    # Imports

    def test_import_upwards(self):
        self.finds("import", "Sources/Ledger/A.swift", "internal import Consortium\nlet a = 1\n")
        self.finds("import", "Sources/Storage/A.swift", "internal import MutualAid\nlet a = 1\n")
        self.finds("import", "Sources/TransparencyLog/A.swift", "internal import SwiftProtobuf\nlet a = 1\n")

    def test_import_downwards(self):
        self.passes("Sources/MutualAid/A.swift", "public import Ledger\ninternal import TransparencyLog\nlet a = 1\n")
        self.passes("Sources/tongzhou/A.swift", "internal import ArgumentParser\ninternal import Ledger\nlet a = 1\n")

    def test_every_room_may_import_only_rooms_in_the_table(self):
        for room in check_rooms.ROOMS:
            self.assertLessEqual(check_rooms.rooms_below(room), set(check_rooms.ROOMS))
            self.assertNotIn(room, check_rooms.rooms_below(room))

    def test_import_without_access_level(self):
        self.finds("import", "Sources/Ledger/A.swift", "import TransparencyLog\nlet a = 1\n", containing="without")
        self.finds("import", "Sources/Ledger/A.swift", "let a = 1\n@preconcurrency import Crypto\n", line=2)
        self.passes("Tests/LedgerTests/A.swift", "import Testing\n@testable import Ledger\nlet a = 1\n")

    def test_import_of_one_declaration(self):
        self.finds("import", "Sources/Ledger/A.swift", "internal import struct Foundation.Date\nlet a = 1\n")

    def test_testable_and_exported(self):
        self.finds("import", "Sources/Consortium/A.swift", "@testable internal import Ledger\nlet a = 1\n")
        self.finds("import", "Sources/Consortium/A.swift", "@_exported public import Ledger\nlet a = 1\n")

    def test_foundation(self):
        self.finds("import", "Sources/Ledger/A.swift", "internal import Foundation\nlet a = 1\n")
        self.passes("Sources/Ledger/A.swift", "internal import FoundationEssentials\nlet a = 1\n")
        self.passes("Sources/Storage/A.swift", "internal import Foundation\nlet a = 1\n")

    def test_room_outside_the_table(self):
        self.finds("import", "Sources/Cellar/A.swift", "let a = 1\n", containing="Cellar")

    def test_generated_code_is_read_for_imports_only(self):
        path = "Sources/Ledger/Generated/a.pb.swift"
        self.passes(path, "public import Foundation\nlet a: Double = 1.5 // TODO" + " " * 200 + "\n" * 500)
        self.finds("import", path, "public import MutualAid\nlet a = 1\n")

    # Pure rooms

    def test_banned_words(self):
        lines = [
            "let a = Date()", "let a = Date.now", "let a = ContinuousClock()", "let a = SuspendingClock.now",
            "let a = UUID()", "let a = Int.random(in: 0..<9)", "let a = b.shuffled()", "let a = b.randomElement()",
            "var a = SystemRandomNumberGenerator()", "let a: Double", "let a: Float", "let a = 0.5",
            "let a = ProcessInfo.processInfo", "let a = getenv(b)", "let a = Calendar.current",
            "let a = FileManager.default", "let a: FileHandle", "let a = { print(b) }", "let a = Task { b }",
            "let a = Task.detached { b }", "let a = DispatchQueue.main", "let a = b.hashValue", "var a = Hasher()",
            'let a = "\\(Date())"',
        ]
        for room in check_rooms.PURE:
            for line in lines:
                with self.subTest(room=room, line=line):
                    self.finds("pure", f"Sources/{room}/A.swift", f"// one\n{line}\n", line=2)
        for line in lines:
            self.passes("Sources/Storage/A.swift", line + "\n")
            self.passes("Tests/LedgerTests/A.swift", line + "\n")

    def test_words_that_are_not_banned(self):
        for line in [
            "// Date() and print(a)", "/* Double /* nested */ Float */ let a = 1", 'let a = "Date() \\" UUID()"',
            'let a = #"print(1) \\(Date())"#', 'let a = """\n  Double "x"\n  """', "let a = $0.0.1", "let a = 0..<5",
            "let a = blueprint(b)", "var hasher = SHA256()", "let a: UpDate", "let a = b.update()",
        ]:
            with self.subTest(line=line):
                self.passes("Sources/Ledger/A.swift", line + "\nlet z = 1\n")

    def test_order_of_sets_and_dictionaries(self):
        for line in [
            "for x in a.keys { }", "for x in self.a.b.values { }", "for x in Set(a) { }", "for (k, v) in d { }",
            "for x in s where x > 1 { }", "for x\n  in s { }", "let b = d.map { $0 }", "let b = a.values.reduce(0, +)",
            "let b = Array(s)", "let b = Array(d.keys)", "for (k, v) in self.d { }",
        ]:
            text = "var d: [String: Int] = [:]\nvar s = Set<Int>()\n" + line + "\n"
            with self.subTest(line=line):
                self.finds("pure", "Sources/Ledger/A.swift", text, line=3, containing="order")
                self.passes("Sources/Simulator/A.swift", text)

    def test_order_that_is_fixed(self):
        text = "var d: [String: Int] = [:]\nvar s = Set<Int>()\nvar o: OrderedDictionary<Int, Int>\n"
        for line in [
            "for x in d.keys.sorted() { }", "for x in Set(a).sorted() { }", "let b = d[1]", "for x in array { }",
            "if s.contains(x) { }", "let b = Array(s).sorted()", "for x in o.keys { }", "let b = o.values.map { $0 }",
        ]:
            with self.subTest(line=line):
                self.passes("Sources/Ledger/A.swift", text + line + "\n")

    def test_order_free(self):
        path = "Sources/Ledger/A.swift"
        self.passes(path, "for x in d.keys { n += x }  // order-free: a sum\nlet n = 1\n")
        self.passes(path, "func hash(into hasher: inout Hasher) {}  // order-free: equality only\n")
        self.finds("pure", path, "for x in d.keys { n += x }  // order-free:\nlet n = 1\n")
        self.finds("pure", path, '// order-free: the line before\nlet a = "// order-free: b".hashValue\n', line=2)
        self.finds("pure", path, "let a = Date()  // order-free: excuses no clock\n")

    # Every file

    def test_length(self):
        self.passes("Tests/LedgerTests/A.swift", "let a = 1\n" * 400)
        self.finds("length", "Tests/LedgerTests/A.swift", "let a = 1\n" * 401, line=401, containing="401")

    def test_width(self):
        self.passes("Sources/Ledger/A.swift", "let a = 1".ljust(119) + ";\n")
        self.finds("width", "Package.swift", "let a = 1\n" + "let b = 1".ljust(120) + ";\n", line=2, containing="121")
        self.passes("Sources/Ledger/A.swift", "let a = 1 // " + "舟" * 100 + "\n")

    def test_tab(self):
        self.finds("tab", "Sources/Ledger/A.swift", "let a =\t1\n")

    def test_notes(self):
        for word in ("TODO", "FIXME", "XXX", "HACK"):
            self.finds("note", "Tests/LedgerTests/A.swift", f"let a = 1\n// {word}: later\n", line=2, containing=word)
        self.passes("Sources/Ledger/A.swift", 'let a = "XXXX"\n')

    def test_traps(self):
        for line in ("let a = try! b()", "let a = b as! C", 'func a() { fatalError("b") }'):
            self.finds("trap", "Sources/Simulator/A.swift", line + "\n")
            self.passes("Tests/LedgerTests/A.swift", line + "\n")
        self.passes("Sources/Ledger/A.swift", 'let a = try? b() as? C  // never try! or as!\n')

    def test_dead_file(self):
        self.finds("dead", "Sources/Ledger/A.swift", "// Nothing here: no func, no struct.\n")
        self.finds("dead", "Tests/LedgerTests/A.swift", "import struct Ledger.Amount\n")
        self.passes("Sources/Ledger/A.swift", "extension Int {}\n")

    # Error codes

    CODES = (
        'extension ErrorCode {\n  static let a = ErrorCode(1, "area.first")\n'
        '  static let b: ErrorCode = .init("area.second")\n}\n'
        'extension Kind { static let other = Self("plain") }\n'
        'extension Lock { static let c = Self("Not a.code"), d = LanguageCode("zh-CN") }\n')
    PAGE = "| number | code | meaning |\n|---|---|---|\n| 1 | `area.first` | one |\n"

    def test_codes_with_rows(self):
        self.passes("Sources/Ledger/A.swift", self.CODES)
        page = {"docs/errors.md": self.PAGE + "| | `area.second` | two, like `area.third` |\n"}
        self.passes("Sources/Ledger/A.swift", self.CODES, page)
        own = 'extension ErrorCode { static let c = ErrorCode(1, "test.own") }\n'
        self.passes("Sources/Ledger/A.swift", self.CODES, page | {"Tests/LedgerTests/A.swift": own})

    def test_code_of_another_form(self):
        for name in ("area.two-words", "Area.first", "area."):
            self.finds("code", "Sources/Ledger/A.swift", f'extension Code {{ static let a = Code("{name}") }}\n')

    # Every way in which a room may declare a code.
    STYLES = (
        'extension ErrorCode { static let a = ErrorCode(7, "area.first") }\n',
        'struct Fault { struct Code { static let a = Code("area.first") } }\n',
        'extension Fault.Code { static let a = Self(rawValue: "area.first") }\n',
        'extension Fault.Code { static let a: Self = .init(rawValue: "area.first") }\n',
        'extension Fault { static let a: Fault.Code = .init("area.first") }\n',
        'extension Fault { static let a = Fault.Code(rawValue: "area.first") }\n',
        'extension ErrorCode { func f() { if true {} }; static let a = Self.init(7, "area.first") }\n',
    )

    def test_every_style_is_held_against_the_page(self):
        for text in self.STYLES:
            row = "| 7 | `area.first` | one |\n" if "7" in text else "|  | `area.first` | one |\n"
            with self.subTest(text=text):
                self.passes("Sources/Ledger/A.swift", text, {"docs/errors.md": row})
                self.finds("code", "Sources/Ledger/A.swift", text, containing="no row", others={"docs/errors.md": ""})
                self.finds("code", "Sources/Ledger/A.swift", text.replace("area.first", "two-words"),
                           containing="of the form")

    def test_static_values_that_are_no_codes(self):
        for line in ('extension Kind { static let a = Self(rawValue: "two-words") }',
                     'extension Fault.Code { static let a: Kind = .init("plain") }',
                     'struct Code {}\nstruct Kind { static let a = Self("two-words") }'):
            self.passes("Sources/Ledger/A.swift", line + "\n")

    def test_row_whose_number_is_missing_or_too_much(self):
        second = "|  | `area.second` | |\n"
        self.finds("code", "Sources/Ledger/A.swift", self.CODES, 3, "none here",
                   {"docs/errors.md": self.PAGE.replace("| 1 |", "|  |") + second})
        self.finds("code", "Sources/Ledger/A.swift", self.CODES, 4, "number none",
                   {"docs/errors.md": self.PAGE + second.replace("|  |", "| 2 |")})

    def test_code_without_row(self):
        self.finds("code", "Sources/Ledger/A.swift", self.CODES, 3, "area.second", {"docs/errors.md": self.PAGE})

    def test_row_without_code(self):
        page = {"docs/errors.md": self.PAGE + "|  | `area.second` | |\n| 3 | `area.gone` | |\n"}
        self.finds("code", "Sources/Ledger/A.swift", self.CODES, 5, "area.gone", page)

    def test_row_twice_or_with_another_number(self):
        second = "| | `area.second` | |\n"
        self.finds("code", "Sources/Ledger/A.swift", self.CODES, 5, "second row",
                   {"docs/errors.md": self.PAGE + second * 2})
        self.finds("code", "Sources/Ledger/A.swift", self.CODES, 3, "number 1",
                   {"docs/errors.md": self.PAGE.replace("| 1 |", "| 9 |") + second})

    def test_code_declared_twice(self):
        line = 'extension ErrorCode {{ static let a = ErrorCode({}, "{}") }}\n'
        self.finds("code", "Sources/Ledger/A.swift", line.format(1, "a.b") + line.format(2, "a.b"), 2, "already")
        self.finds("code", "Sources/Ledger/A.swift", line.format(1, "a.b") + line.format(1, "a.c"), 2, "number 1")


class Command(unittest.TestCase):
    def run_in(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "Sources/Ledger/A.swift")
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
            return subprocess.run([sys.executable, SCRIPT, folder], capture_output=True, text=True, check=False)

    def test_output_and_status(self):
        good = self.run_in("let a = 1\n")
        self.assertEqual((0, "check_rooms: 1 files, 0 findings\n"), (good.returncode, good.stdout))
        bad = self.run_in("let a = 1\nlet b = Date()\n")
        self.assertEqual(1, bad.returncode)
        self.assertEqual(
            "Sources/Ledger/A.swift:2: pure: clock: Date( in a pure room\ncheck_rooms: 1 files, 1 findings\n",
            bad.stdout)

    def test_an_empty_folder_is_no_success(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(
                1, subprocess.run([sys.executable, SCRIPT, folder], capture_output=True, check=False).returncode)


if __name__ == "__main__":
    unittest.main()
