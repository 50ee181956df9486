internal import ArgumentParser
internal import Contracts
internal import HeartChain
internal import Ledger
internal import MutualAid
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou audit DIR|URL`.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Replay a whole chain from its public files and check everything.",
    discussion: """
      Hashes every entry again, verifies every signature and certificate, executes every block by the
      conventions, compares every seal, counts the money to the millionth, and compares every published
      file byte by byte. It trusts nobody: neither who wrote the files nor the node that hands them out.

      From a directory it needs no network. From a node, `tongzhou audit http://HOST:8080`, it fetches the
      files of every chain there, many at a time; the address of one log, http://HOST/log/aid, does as
      well, also on a plain file server. With --cache DIR, files that never change are kept, and an audit
      that was cut off goes on where it was.

      With --trust-quorum it is much faster and believes a quorum of the organisations in one thing, what they
      executed: files are hashed from the entries to the root, blocks, certificates and changes of the endorsers
      checked, but no transaction's signature, and nothing is executed. It prints what it left out.

      Reports the first thing that is wrong, with its place, and exits with status 1.
      Pin the chain with --genesis: otherwise compare the chain id printed with the one you know. Where there are
      several chains, that of the pinned id is audited, and all of them without one.
      """)

  @Argument(
    help: "A data directory (with log/<chain>/ in it), the directory of one log, or the address of a node or log.")
  var place: String

  @Option(help: "For an address: a directory to keep fetched files in.")
  var cache: String?

  @Flag(help: "Believe a quorum of the organisations in what was executed; check everything else.")
  var trustQuorum = false

  @OptionGroup var node: NodeOptions
  @OptionGroup var json: JSONOption

  func run() async throws {
    do {
      let summaries = isAddress ? try await auditAddress() : try await auditDirectory()
      try json.isOn ? Output.json(summaries) : summaries.forEach { $0.print() }
    } catch {
      throw Output.fail(error)
    }
  }

  private var isAddress: Bool { place.hasPrefix("http://") || place.hasPrefix("https://") }

  private func auditDirectory() async throws -> [Summary] {
    let pinned = try node.pinned()
    let logs = try AuditCommand.logs(in: place)
    guard logs != [place] else {
      return [try await audit(DirectorySource(LogDirectory(place)), pinned: pinned, path: place)]
    }
    let names = try node.chosen(LocalGenesis.ids(of: LogDirectory.chains(in: place), in: place))
    guard !names.isEmpty else { throw StorageError(.foreignDirectory, "\(place) holds no log of that chain") }
    var summaries: [Summary] = []
    for name in names {
      let path = "\(place)/log/\(name)"
      summaries.append(try await audit(DirectorySource(LogDirectory(path)), pinned: pinned, path: path))
    }
    return summaries
  }

  private func auditAddress() async throws -> [Summary] {
    let pinned = try node.pinned()
    return try await NodeClient.with(place, options: node.client) { client in
      var names: [String?] = [nil]
      if !place.contains("/log/") {
        names = try node.chosen(await client.chains().map { ($0.name, $0.id) })
        guard !names.isEmpty else { throw ClientError(.badAnswer, "the node serves no such chain") }
      }
      var summaries: [Summary] = []
      for name in names {
        let path = name.map { "\(place)/log/\($0)" } ?? place
        var options = RemoteLog.Options()
        if let cache { options.cache = "\(cache)/\(try await client.trusted(log: name, pinned: pinned).id)" }
        let checkpoint = try await client.checkpoint(name)
        let log = try await client.log(name, checkpoint: checkpoint, options: options)
        defer { log.close() }
        do {
          summaries.append(try await audit(log, pinned: pinned, path: path))
        } catch is AuditFailure where log.cacheHits > 0 {
          // A damaged file in the cache must not accuse the node.
          options.ignoresCache = true
          let fresh = try await client.log(name, checkpoint: checkpoint, options: options)
          defer { fresh.close() }
          summaries.append(try await audit(fresh, pinned: pinned, path: path))
        }
      }
      return summaries
    }
  }

  private func audit(_ source: some LogSource, pinned: Hash?, path: String) async throws -> Summary {
    let trustQuorum = trustQuorum
    return try await OwnThread.run {
      var bar = ProgressBar("audit")
      if trustQuorum {
        let report = try QuorumAudit(source, genesis: pinned).run { bar.show($0, of: $1) }
        bar.finish()
        return Summary(report, path: path, isPinned: pinned != nil)
      }
      let report = try Auditor(source, genesis: pinned).run { bar.show($0, of: $1) }
      bar.finish()
      return Summary(report, path: path, isPinned: pinned != nil)
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
  struct Summary: Encodable, Sendable {
    let log: String
    let chain: String
    let pinned: Bool
    let entries: UInt64
    let blocks: UInt64
    let transactions: UInt64
    let failed: UInt64
    let files: Int
    /// Memberships whose balances were counted anew; `nil` where nothing was executed, and on a chain of hearts.
    let memberships: Int?
    /// Gifts whose lots and hearts were counted anew; `nil` where nothing was executed, and on a mutual-aid chain.
    let gifts: Int?
    /// What was believed instead of checked.
    let notChecked: [String]?
    let ok = true

    private enum CodingKeys: String, CodingKey {
      case log, chain, pinned, entries, blocks, transactions, failed, files, memberships, gifts, ok
      case notChecked = "not_checked"
    }

    init<Source>(_ report: QuorumAudit<Source>.Report, path: String, isPinned: Bool) {
      log = path
      chain = report.chain.description
      pinned = isPinned
      entries = report.entries
      blocks = report.blocks
      transactions = report.transactions
      failed = report.failed
      files = report.files
      memberships = nil
      gifts = nil
      notChecked = [
        "signatures of transactions", "results of transactions", "state roots", "due steps", "money",
        "bytes that proposers used",
      ]
    }

    init<Source>(_ report: Auditor<Source>.Report, path: String, isPinned: Bool) {
      log = path
      chain = report.chain.description
      pinned = isPinned
      entries = report.entries
      blocks = report.blocks
      transactions = report.transactions
      failed = report.failed
      files = report.files
      memberships = report.final.app.aid?.mutualAid.memberships.count
      gifts = report.final.app.heart?.hearts.gifts.count
      notChecked = nil
    }

    func print() {
      Output.line(notChecked == nil ? "\(log): all in order" : "\(log): in order, as far as it was checked")
      Output.line("  chain         \(chain)" + (pinned ? ", as pinned" : ""))
      if !pinned { Output.line("                compare it with the chain id you know, or pin it with --genesis") }
      if notChecked == nil {
        Output.line("  entries       \(entries) in \(blocks) blocks, every seal as executed anew")
        Output.line("  transactions  \(transactions), \(failed) of them refused by the rules")
        if let memberships { Output.line("  memberships   \(memberships), every balance counted anew") }
        if let gifts { Output.line("  gifts         \(gifts), every lot and all hearts counted anew") }
      } else {
        Output.line("  entries       \(entries) in \(blocks) blocks, each under the certificate of a quorum")
        Output.line("  transactions  \(transactions), \(failed) of them refused, as the seals say")
      }
      Output.line("  files         \(files) compared byte by byte")
      guard let notChecked else { return }
      Output.line("  not checked   \(notChecked.joined(separator: ", "))")
      Output.line("                a quorum of the organisations is believed in them; without --trust-quorum nobody is")
    }
  }
}
