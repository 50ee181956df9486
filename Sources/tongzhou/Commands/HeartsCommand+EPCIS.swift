internal import ArgumentParser
internal import Contracts
internal import Exchange
internal import Foundation
internal import HeartChain
internal import Ledger
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

extension HeartsCommand {
  /// `tongzhou hearts epcis`.
  struct EPCIS: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "epcis",
      abstract: "Events of gifts as documents of EPCIS 2.0: out of a chain, and into one.",
      discussion: """
        docs/epcis.md says what becomes what. Documents are as GS1's JSON schema asks.

          tongzhou hearts epcis export http://127.0.0.1:8080 --gift 5 --output gift.json
          tongzhou hearts epcis export data/demo --from 2026-03-01 --to 2026-03-31 --output march.json
          tongzhou hearts epcis import events.json http://127.0.0.1:8080 --token token.txt
        """,
      subcommands: [Export.self, Import.self])
  }
}

extension HeartsCommand.EPCIS {
  /// `tongzhou hearts epcis export`.
  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write events of a chain of hearts as one EPCISDocument.",
      discussion: """
        From a node it fetches page by page what the node tells, with the names that senders gave their events; nothing
        of that is proven. From a directory it audits the whole log as `tongzhou audit` does, asks nobody, and writes
        what follows from it under the chain's own names; nobody may write to the log meanwhile.

        The file appears once it is whole. Money and attendance are no events of EPCIS.
        """)

    @Argument(help: "The address of a node, a data directory (with log/<chain>/ in it), or the directory of one log.")
    var place: String

    @Option(help: "The file to write.")
    var output: String

    @Option(help: "The first day on which something happened, like 2026-03-01, in China time.")
    var from: String?

    @Option(help: "The last day.")
    var to: String?

    @Option(help: "Only events of this lot, by its number.")
    var lot: UInt32?

    @Option(help: "Only events of this gift, and of all that something of it went into.")
    var gift: UInt32?

    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func validate() throws {
      guard lot == nil || gift == nil else { throw ValidationError("--lot or --gift, not both") }
    }

    func run() async throws {
      do {
        let isAddress = place.hasPrefix("http://") || place.hasPrefix("https://")
        let written = isAddress ? try await fetch() : try await audit()
        guard !json.isOn else { return try Output.json(written) }
        Output.line("wrote \(written.events) events to \(output)")
        Output.line("  chain  \(written.chain)")
        if isAddress { Output.line("         by the node's word; from a directory of its log they are audited") }
      } catch {
        throw Output.fail(error)
      }
    }

    private struct Written: Encodable, Sendable {
      let chain: String
      let events: Int
      let file: String
    }

    private func days() throws -> (from: Timestamp?, before: Timestamp?) {
      (try from.map { try TypedTime.day($0) }, try to.map { try TypedTime.day($0, atEnd: true).adding(seconds: 1) })
    }

    // MARK: From a node

    /// Names of events in one query: as many as the node takes, in an address that it takes.
    private static let namesAtOnce = 32
    /// The most lots of a gift that are asked for, and the most events.
    private static let followed = (lots: 500, steps: 5000)

    private func fetch() async throws -> Written {
      var options = node.client
      // A node lets one address ask for so many pages in a minute.
      options.patienceSeconds = 180
      let pinned = try node.pinned()
      return try await NodeClient.with(place, options: options) { client in
        let (name, chain) = try await client.trustedHearts(node.chain, pinned: pinned)
        let file = try GrowingFile(output)
        var document = EPCISWriting(at: EPCISTime(.wallClock))
        try file.write(document.beginning)
        for query in try await queries(client, name, chain) {
          var next: UInt64?
          repeat {
            let page = try await client.epcisEvents(query, after: next, on: name)
            do {
              try file.write(document.add(answer: page.document))
            } catch let error as EPCISError {
              throw ClientError(.badAnswer, "/epcis/events: \(error.message)")
            }
            next = page.next
          } while next != nil
        }
        try file.write(document.end())
        try file.finish()
        return Written(chain: "\(chain.id)", events: document.count, file: output)
      }
    }

    /// What is asked for, one query after the other.
    private func queries(
      _ client: NodeClient, _ name: String, _ chain: TrustedChain
    ) async throws -> [[(name: String, value: String)]] {
      let names = HeartNames(origin: chain.genesis.origin)
      let (from, before) = try days()
      var times: [(name: String, value: String)] = []
      if let from { times.append(("GE_eventTime", EPCISTime(from).text(at: .china))) }
      if let before { times.append(("LT_eventTime", EPCISTime(before).text(at: .china))) }
      if let lot {
        let isContainer = try await client.lot(lot, on: name, chain: chain).kind == LotRecord.container
        return [times + [(isContainer ? "MATCH_anyEPC" : "MATCH_anyEPCClass", names.lot(lot))]]
      }
      guard let gift else { return [times] }
      let record = try await client.gift(gift, on: name, chain: chain)
      guard !record.isAttendance else { return [] }
      let limit = Export.followed
      let steps = try await client.steps(from: record.origin, on: name, limit: (limit.lots + 1, limit.steps + 1))
      guard steps.count <= limit.steps, Set(steps.flatMap(\.made) + [record.origin]).count <= limit.lots else {
        throw ClientError(
          .tooLarge,
          "the gift became over \(limit.lots) lots or has over \(limit.steps) events: export it from a directory")
      }
      let events = steps.map { names.event(TraceHistory.event($0.event.organisation, $0.event.number)) }
      return stride(from: 0, to: events.count, by: Export.namesAtOnce).map { start in
        let some = events[start..<min(start + Export.namesAtOnce, events.count)]
        return times + [("EQ_eventID", some.joined(separator: "|"))]
      }
    }

    // MARK: From a directory

    private func audit() async throws -> Written {
      let (from, before) = try days()
      let subject: EventSelection.Subject = gift.map { .gift($0) } ?? lot.map { .lot($0) } ?? .everything
      let log = try path()
      let (output, pinned) = (output, try node.pinned())
      return try await OwnThread.run {
        let source = DirectorySource(LogDirectory(log))
        let names = HeartNames(origin: try TrustedChain(of: source, pinned: pinned).genesis.origin)
        let file = try GrowingFile(output)
        var document = EPCISWriting(at: EPCISTime(.wallClock))
        try file.write(document.beginning)
        var selection = EventSelection(subject, from: from ?? Timestamp(seconds: 0), before: before)
        var bar = ProgressBar("audit")
        let report = try Auditor(source, genesis: pinned) { block, _ in
          let hearts = block.app.hearts
          let wanted = block.app.steps.filter { selection.takes($0, hearts) }
          if !wanted.isEmpty {
            try file.write(document.add(EventExport(hearts: hearts, names: names).events(wanted)))
          }
        }.run { bar.show($0, of: $1) }
        bar.finish()
        try file.write(document.end())
        try file.finish()
        return Written(chain: "\(report.chain)", events: document.count, file: output)
      }
    }

    /// The log of the chain of hearts that is meant.
    private func path() throws -> String {
      guard try AuditCommand.logs(in: place) != [place] else { return place }
      let names = try node.chosen(LocalGenesis.ids(of: LogDirectory.chains(in: place), in: place))
      guard let name = names.first(where: { (try? LocalGenesis.chain($0, in: place).hasHearts) ?? false }) else {
        throw StorageError(.foreignDirectory, "\(place) holds no log of that chain of hearts")
      }
      return "\(place)/log/\(name)"
    }
  }
}
