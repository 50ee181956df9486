import Consortium
import Foundation
import Ledger
import Testing

/// docs/governance.md against the tables in the code.
///
/// With the environment variable `WRITE_DOCUMENTS` the parts made from tables are written instead of compared.
@Suite(.serialized) struct GovernanceDocumentTests {
  private static let page = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../docs/governance.md").standardized

  @Test("the parts made from tables are what the tables say", arguments: ["life", "rules", "evidence"])
  func parts(_ name: String) throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let part: [String] =
      switch name {
      case "life": Self.life
      case "rules": Self.rules
      default: Self.evidence
      }
    let wanted = Self.mark(name) + "\n\n" + part.joined(separator: "\n") + "\n\n"
    if ProcessInfo.processInfo.environment["WRITE_DOCUMENTS"] != nil {
      try Self.put(wanted, name, into: text).write(to: Self.page, atomically: true, encoding: .utf8)
    } else {
      #expect(text.contains(wanted), "docs/governance.md: after \(Self.mark(name)) has to stand\n\(wanted)")
    }
  }

  private static func mark(_ name: String) -> String { "<!-- \(name) -->" }

  /// Replaces what stands between a mark and the next line of prose: tables and drawings only.
  private static func put(_ wanted: String, _ name: String, into text: String) -> String {
    let parts = text.components(separatedBy: mark(name) + "\n")
    guard parts.count == 2 else { return text }
    var isDrawing = false
    let rest = parts[1].components(separatedBy: "\n").drop { line in
      if line.hasPrefix("```") { isDrawing.toggle() }
      return isDrawing || line.isEmpty || line.hasPrefix("|") || line.hasPrefix("```")
    }
    return parts[0] + wanted + rest.joined(separator: "\n")
  }

  // MARK: Parts

  private static var life: [String] {
    var lines = ["```mermaid", "stateDiagram-v2", "  [*] --> voting: proposed"]
    lines += ProposalLife.table.map { "  \($0.from) --> \($0.to): \($0.event)" }
    lines += ProposalStatus.allCases.filter { !$0.isOpen }.map { "  \($0) --> [*]" }
    lines += ["```", "", "| from | what happens | to | by |", "|---|---|---|---|"]
    return lines + ProposalLife.table.map { "| \($0.from) | \($0.event) | \($0.to) | \($0.cause) |" }
  }

  private static var rules: [String] {
    let lines = ["| number | kind | more than | voting | timelock |", "|---|---|---|---|---|"]
    return lines
      + ProposalKind.allCases.map { kind in
        let rule = Rule.standard(kind)
        return "| \(kind.rawValue) | `\(kind)`\(kind.concernsEndorsement ? " *" : "") | \(rule.numerator)/"
          + "\(rule.denominator) of n | \(time(rule.votingSeconds)) | \(time(rule.timelockSeconds)) |"
      }
  }

  private static func time(_ seconds: UInt32) -> String {
    if seconds == 0 { return "none" }
    return seconds == 86_400 ? "1 day" : "\(seconds / 86_400) days"
  }

  private static var evidence: [String] {
    ["| number | what was signed twice | with the key for |", "|---|---|---|"]
      + Evidence.Kind.allCases.map { kind in
        let (what, key) =
          switch kind {
          case .votes: ("two different votes for one epoch and sequence", "votes")
          case .locks: ("two different locks for one epoch and sequence", "votes")
          case .batches: ("two different headers for one epoch and sequence", "votes")
          case .cosignatures: ("two roots for one size of the log, cosigned", "cosignatures")
          case .logSignatures: ("two roots for one size of the log, signed as log", "log signatures")
          }
        return "| \(kind.rawValue) | \(what) | \(key) |"
      }
  }
}
