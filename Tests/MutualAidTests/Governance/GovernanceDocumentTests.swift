import Consortium
import Ledger
import Testing

/// docs/governance.md against the tables in the code.
@Suite(.serialized) struct GovernanceDocumentTests {
  @Test("the parts made from tables are what the tables say", arguments: ["life", "rules", "evidence"])
  func parts(_ name: String) throws {
    let part: [String] =
      switch name {
      case "life": Self.life
      case "rules": Self.rules
      default: Self.evidence
      }
    try DocumentPart(page: "governance.md", name: name).check(part)
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
