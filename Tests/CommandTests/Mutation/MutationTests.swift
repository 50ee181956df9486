import Contracts
import Foundation
import Ledger
import MutualAid
import TestSupport
import Testing
import TransparencyLog

@testable import TongzhouClient

/// Files of every kind bent in thousands of ways: no verifier accepts what does not say what the file said, and all of
/// them accept and refuse the same.
@Suite struct MutationTests {
  private static let seed: UInt64 = 0x6D75_7461_7465
  private static let shared = Result { () throws -> (batch: MutationBatch, verdicts: [String]) in
    let batch = try MutationBatch.made(seed: seed)
    return (batch, batch.verdicts())
  }

  private let batch: MutationBatch
  private let verdicts: [String]

  init() throws { (batch, verdicts) = try MutationTests.shared.get() }

  /// Whether refusals of a case have to give one code: where one thing is wrong. Of several things the order in which
  /// a verifier meets them decides.
  private static func isSingle(_ each: MutationBatch.Case) -> Bool { !each.label.contains("; ") }

  @Test("nothing bent is accepted but what says the same")
  func nothingFalseIsAccepted() {
    #expect(batch.cases.count > 5_000, "\(batch.cases.count)")
    var counts: [String: Int] = [:]
    for (each, verdict) in zip(batch.cases, verdicts) {
      let file = batch.files[each.file]
      counts[verdict, default: 0] += 1
      #expect(verdict != Judgement.other, "\(file.name), \(each.label)")
      if file.name.hasPrefix("policy: ") {
        #expect(verdict == Judgement.noPolicy, "\(file.name)")
      } else if file.name.hasSuffix(", of another chain") {
        #expect(verdict == "proof.wrong_chain", "\(file.name), \(each.label): \(verdict)")
      } else {
        #expect(verdict == Judgement.valid || verdict.hasPrefix("proof."), "\(file.name), \(each.label): \(verdict)")
      }
    }
    for code in ["malformed", "wrong_chain", "no_quorum", "not_included", "refused", "broken_history", "broken_shares"]
    {
      #expect(counts["proof.\(code)", default: 0] > 20, "\(counts)")
    }
    // Names of keys that say nothing, what a statement need not show, and other spellings of the same.
    #expect(counts[Judgement.valid, default: 0] < batch.cases.count / 5, "\(counts)")
  }

  @Test("the files themselves hold, and every kind is bent hundreds of times")
  func everyKind() {
    for (index, file) in batch.files.enumerated() where !file.name.contains(",") && !file.name.contains(":") {
      #expect(file.judge(file.bytes).verdict == Judgement.valid, "\(file.name)")
      let count = batch.cases.count { $0.file == index }
      #expect(count > (file.isSigned ? 10 : 800), "\(file.name): \(count)")
    }
  }

  @Test("every table of the state has a layout here and in Python, and of one width")
  func layouts() throws {
    var app = try ProofFixture.shared.get().state()
    var hearts = try HeartFixture.shared.get().giving.app
    let tables = app.commitment().tables + hearts.commitment().tables
    let names = tables.map { String(decoding: $0.name, as: UTF8.self) }
    #expect(Set(names) == Set(RecordLayouts.all.keys))
    let file = PythonPrograms.checkout.appending(path: "Verifiers/python/layouts.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst(3)
    let widths = lines.map { line in line.split(separator: " ").prefix(2).joined(separator: " ") }
    #expect(widths == RecordLayouts.all.map { "\($0.key) \($0.value.byteCount)" }.sorted())
  }

  @Test(
    "the verifier in Python accepts and refuses the same",
    .enabled(if: PythonPrograms.has("cryptography"), "Scripts/setup --tests installs the packages"))
  func python() async throws {
    try await compare([
      PythonPrograms.python, PythonPrograms.checkout.appending(path: "Verifiers/python/batch.py").path(),
    ])
  }

  @Test(
    "the page's modules accept and refuse the same in Chromium, of every fourth case and all that hold",
    .enabled(
      if: PythonPrograms.has("playwright.sync_api")
        && FileManager.default.isExecutableFile(atPath: PythonPrograms.chromium),
      "chromium, or playwright in .build/python, is not installed; Scripts/setup --tests does it"))
  func browser() async throws {
    try await compare([
      PythonPrograms.python, PythonPrograms.checkout.appending(path: "Scripts/browse_batch.py").path(),
    ]) { index in index.isMultiple(of: 4) || verdicts[index] == Judgement.valid }
  }

  /// - Parameter isWanted: of which cases, by their index; a browser takes its time.
  private func compare(_ words: [String], _ isWanted: (Int) -> Bool = { _ in true }) async throws {
    let wanted = batch.cases.indices.filter(isWanted)
    let (batch, verdicts) = (self.batch.part(wanted), wanted.map { self.verdicts[$0] })
    try #require(batch.cases.count > 3_000)
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try batch.json().write(to: folder.url("batch.json"))
    let run = try await PythonPrograms.run(words + [folder.file("batch.json")], in: folder)
    try #require(run.status == 0, "\(run.errors.suffix(2_000))")
    let found = try JSONDecoder().decode([String].self, from: run.output)
    let faults = batch.differences(of: found, from: verdicts, isExact: MutationTests.isSingle)
    #expect(
      faults.isEmpty, "\(faults.count) of seed \(MutationTests.seed):\n\(faults.prefix(40).joined(separator: "\n"))")
  }

  @Test("the program says the same with its exit status")
  func program() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    // A state proof and an absence answer a question, which the program does not take.
    let asked = batch.cases.indices.filter { index in
      let file = batch.files[batch.cases[index].file]
      return ["receipt", "statement", "statement with reserve", "way"].contains(file.name)
    }
    let accepted = asked.filter { verdicts[$0] == Judgement.valid }
    let some = Array(stride(from: 0, to: asked.count, by: asked.count / 40)).map { asked[$0] }
    for index in some + accepted.prefix(6) {
      let each = batch.cases[index]
      let file = batch.files[each.file]
      try Data(each.bytes).write(to: folder.url("file"))
      try Data(file.policy).write(to: folder.url("policy"))
      let run = try Program.tongzhou.run(
        "verify", folder.file("file"), "--genesis", file.chain.description, "--policy", folder.file("policy"))
      let isAccepted = verdicts[index] == Judgement.valid
      #expect(run.status == (isAccepted ? 0 : 1), "\(file.name), \(each.label): \(run.text)\(run.errors)")
      #expect(isAccepted || run.errors.contains(verdicts[index]), "\(file.name), \(each.label): \(run.errors)")
      #expect(isAccepted || run.text.isEmpty, "\(file.name), \(each.label): \(run.text)")
    }
  }
}
