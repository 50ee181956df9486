internal import ArgumentParser
internal import Node

/// `tongzhou fsck`.
struct FsckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fsck",
    abstract: "Check every file of a data directory that no node is running on.",
    discussion: """
      Looks at each chain's log (every bundle and tile against the others and the checkpoint's root), journal,
      snapshots (every record against the seal in the log), search index and keys, and says what would become of
      what is wrong. With --repair it makes anew what follows from the rest: tiles, partial files, the first policy
      and the search index are rebuilt, bad snapshots are removed. What is lost for good here, an entry or a record
      of the journal, comes from a backup or another organisation.

      Exit status 1 when something is wrong, with --repair when something still is. Whether the log is rightly
      signed and follows the rules is another question: tongzhou audit DIR.
      """)

  @Argument(help: "The data directory.")
  var data: String

  @Flag(help: "Make anew what can be; otherwise the directory stays as it is.")
  var repair = false

  @OptionGroup var json: JSONOption

  func run() throws {
    let report: DirectoryReport
    do {
      let lock = try DirectoryLock(data)
      defer { lock.release() }
      var check = DirectoryCheck(data, repairs: repair)
      report = try check.run()
      if json.isOn { try Output.json(Printed(report)) } else { show(report) }
    } catch {
      throw Output.fail(error)
    }
    if !report.isGood { throw ExitCode(1) }
  }

  private func show(_ report: DirectoryReport) {
    for chain in report.chains {
      let snapshots = chain.snapshots.map(String.init).joined(separator: ", ")
      Output.line("\(chain.name): \(chain.entries) entries, block \(chain.height)")
      Output.line("  journal: \(chain.journalRecords) records")
      Output.line("  good snapshots: \(snapshots.isEmpty ? "none" : snapshots)")
      Output.line("  search index: up to block \(chain.searchHeight)")
    }
    for finding in report.findings { Output.line("\(finding.path): \(finding.problem) (\(fate(of: finding.remedy)))") }
    let wrong = report.findings.count(where: \.isWrong)
    Output.line(wrong == 0 ? "nothing is wrong" : "\(wrong) wrong")
  }

  private func fate(of remedy: DirectoryFinding.Remedy) -> String {
    switch remedy {
    case .start: "harmless, the next start deals with it"
    case .repair: "--repair makes it anew or removes it"
    case .repaired: "repaired"
    case .person: "comes from a backup or another organisation"
    }
  }

  /// The report under the names that scripts read.
  private struct Printed: Encodable {
    let good: Bool
    let chains: [Chain]
    let findings: [DirectoryFinding]

    struct Chain: Encodable {
      let name: String
      let entries: UInt64
      let height: UInt64
      let journal_records: Int
      let snapshots: [UInt64]
      let search_height: UInt64
    }

    init(_ report: DirectoryReport) {
      good = report.isGood
      chains = report.chains.map {
        Chain(
          name: $0.name, entries: $0.entries, height: $0.height, journal_records: $0.journalRecords,
          snapshots: $0.snapshots, search_height: $0.searchHeight)
      }
      findings = report.findings
    }
  }
}
