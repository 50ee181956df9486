internal import ArgumentParser
internal import Ledger
internal import MutualAid
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou audit DIR`.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Replay a whole chain from its public files and check everything.",
    discussion: """
      Hashes every entry again, verifies every signature and certificate, executes every block by the
      conventions, compares every seal, counts the money to the millionth, and compares every published
      file byte by byte. No network, no trust in whoever wrote the files.

      Reports the first thing that is wrong, with its place, and exits with status 1.
      Pin the chain with --genesis: otherwise compare the chain id printed with the one you know.
      """)

  @Argument(help: "A data directory (with log/<chain>/ in it) or the directory of one log.")
  var directory: String

  @Option(help: "The chain id to insist on: 64 hexadecimal digits.")
  var genesis: String?

  @OptionGroup var json: JSONOption

  func run() throws {
    do {
      let pinned = try genesis.map { text in
        guard let hash = Hash(hexadecimal: text) else {
          throw LedgerError(.malformed, "a chain id is 64 hexadecimal digits")
        }
        return hash
      }
      var summaries: [Summary] = []
      for path in try AuditCommand.logs(in: directory) {
        var bar = ProgressBar("audit")
        let report = try Auditor(DirectorySource(LogDirectory(path)), genesis: pinned).run { bar.show($0, of: $1) }
        bar.finish()
        summaries.append(Summary(report, path: path))
      }
      try json.isOn ? Output.json(summaries) : summaries.forEach { $0.print() }
    } catch {
      throw Output.fail(error)
    }
  }

  /// The logs in a data directory, or the directory itself where it is one.
  static func logs(in directory: String) throws -> [String] {
    if try LogDirectory(directory).read("checkpoint") != nil { return [directory] }
    let names = try LogDirectory.chains(in: directory)
    guard !names.isEmpty else { throw StorageError(.foreignDirectory, "\(directory) holds no log") }
    return names.map { directory + "/log/" + $0 }
  }

  /// What an audit found in order.
  struct Summary: Encodable {
    let log: String
    let chain: String
    let entries: UInt64
    let blocks: UInt64
    let transactions: UInt64
    let failed: UInt64
    let files: Int
    let memberships: Int
    let ok = true

    init(_ report: Auditor<DirectorySource>.Report, path: String) {
      log = path
      chain = report.chain.description
      entries = report.entries
      blocks = report.blocks
      transactions = report.transactions
      failed = report.failed
      files = report.files
      memberships = report.final.app.mutualAid.memberships.count
    }

    func print() {
      Output.line("\(log): all in order")
      Output.line("  chain         \(chain)")
      Output.line("  entries       \(entries) in \(blocks) blocks, every seal as executed anew")
      Output.line("  transactions  \(transactions), \(failed) of them refused by the rules")
      Output.line("  memberships   \(memberships), every balance counted anew")
      Output.line("  files         \(files) compared byte by byte")
    }
  }
}
