import Foundation
import TransparencyLog

/// Files and thousands of mutations of theirs, as one file that verifiers in other languages judge in one run.
struct MutationBatch {
  /// One mutation.
  struct Case {
    /// Index of the file that was bent.
    let file: Int
    /// Where and how.
    let label: String
    let bytes: [UInt8]
  }

  private(set) var files: [MutatedFile] = []
  private(set) var cases: [Case] = []

  /// Takes a file; its cases name the index that comes back.
  mutating func add(_ file: MutatedFile) -> Int {
    files.append(file)
    return files.count - 1
  }

  mutating func add(_ label: String, of file: Int, _ bytes: [UInt8]) {
    cases.append(Case(file: file, label: label, bytes: bytes))
  }

  /// The same files with some of the cases.
  func part(_ indices: [Int]) -> MutationBatch {
    var part = self
    part.cases = indices.map { cases[$0] }
    return part
  }

  /// What our verifier says of each case.
  func verdicts() -> [String] {
    let originals = files.map { $0.judge($0.bytes) }
    return cases.map { each in
      let found = files[each.file].judge(each.bytes)
      return files[each.file].isSigned ? found.verdict : found.verdict(of: originals[each.file])
    }
  }

  /// One object: `files`, each with its bytes in base64 and what is pinned and asked; and `cases`, each the file's
  /// index and the range of its bytes in whose place others (base64) stand.
  func json() throws -> Data {
    struct File: Encodable {
      let bytes: String
      let chain: String
      let policy: String
      let table: String?
      let ordinal: UInt64?
      let key: String?
      let signed: Bool
    }
    struct Change: Encodable {
      let file: Int
      let start: Int
      let end: Int
      let new: String
    }
    struct Whole: Encodable {
      let files: [File]
      let cases: [Change]
    }
    let encoded = files.map { file in
      File(
        bytes: PlainBase64.written(file.bytes), chain: file.chain.description,
        policy: String(decoding: file.policy, as: UTF8.self), table: file.table, ordinal: file.ordinal,
        key: file.key?.description, signed: file.isSigned)
    }
    let changes = cases.map { each in
      let old = files[each.file].bytes
      let start = zip(old, each.bytes).prefix { $0 == $1 }.count
      let most = min(old.count, each.bytes.count) - start
      let same = zip(old.reversed(), each.bytes.reversed()).prefix { $0 == $1 }.count
      let kept = min(most, same)
      return Change(
        file: each.file, start: start, end: old.count - kept,
        new: PlainBase64.written(Array(each.bytes[start..<(each.bytes.count - kept)])))
    }
    return try JSONEncoder().encode(Whole(files: encoded, cases: changes))
  }

  /// Where others judge otherwise, in words; at most so many.
  ///
  /// - Parameter isExact: whether refusals have to give the same code, too.
  func differences(of found: [String], from ours: [String], isExact: (Case) -> Bool) -> [String] {
    guard found.count == cases.count, ours.count == cases.count else {
      return ["\(found.count) and \(ours.count) verdicts on \(cases.count) cases"]
    }
    var faults: [String] = []
    for (index, each) in cases.enumerated() where found[index] != ours[index] {
      let isRefused = { (verdict: String) in verdict.hasPrefix("proof.") }
      if isRefused(found[index]), isRefused(ours[index]), !isExact(each) { continue }
      faults.append(
        "case \(index), \(files[each.file].name), \(each.label): \(ours[index]) here, \(found[index]) there")
    }
    return faults
  }
}
