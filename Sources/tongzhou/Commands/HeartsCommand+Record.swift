internal import ArgumentParser
internal import Foundation
internal import HeartChain
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

extension HeartsCommand {
  /// `tongzhou hearts record`.
  struct Record: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an organisation: tell what happened to gifts, out of a file, one event to a line.",
      discussion: """
        The file is CSV (its name ends in .csv) or YAML; docs/hearts.md lists the columns. Pictures and receipts are
        named by their paths beside the file, and who received by words that stay with you: the chain gets hashes.
        Every line is looked at before anything is signed; what the rules refuse all the same is told by its line, and
        ends with status 1. What they took stands.

          tongzhou hearts record http://127.0.0.1:8080 events.csv --as 4 --officers data/demo/keys/heart
        """)

    @Argument(help: "The node's address.")
    var url: String

    @Argument(help: "The file of events.")
    var file: String

    @Option(name: .customLong("as"), help: "The number of the organisation to act for.")
    var organisation: UInt16

    @Flag(help: "Only read the file, and print how it reads: nothing is signed.")
    var check = false

    @Option(help: "A file of kinds, whose words are used in what --check prints.")
    var rules: String?

    @OptionGroup var acting: OfficerOption
    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        try await node.with(url, hearts: true) { client, name, chain in
          let key = try await acting.required(for: "telling events")
            .key(of: organisation, client, on: name, chain: chain)
          let names = try await names(key, client, name, chain)
          let read = try EventFile(path: file, names: names)
          let parts = try read.parts()
          if check {
            return Output.line(try EventFile.text(of: read.events, form: EventFile.Form(path: file), names: names))
          }
          var recorded = Recorded(chain: chain.id.description)
          for part in parts {
            do {
              let (done, told) = try await client.tell(
                part.events, of: organisation, by: key, on: name, chain: chain)
              recorded.add(done, told, part, read)
            } catch {
              // What went before stands; say so before the error ends it.
              if !recorded.events.isEmpty { try show(recorded) }
              throw error
            }
          }
          try show(recorded)
          guard recorded.refused == 0 else { throw ExitCode(1) }
        }
      } catch let code as ExitCode {
        throw code
      } catch {
        throw Output.fail(error)
      }
    }

    private func names(
      _ key: SigningKey, _ client: NodeClient, _ name: String, _ chain: TrustedChain
    ) async throws -> EventNames {
      let folder = URL(filePath: file).deletingLastPathComponent()
      return EventNames(
        kinds: try await client.giftKinds(on: name, chain: chain),
        organisations: try await client.organisationNames(on: name, chain: chain),
        words: try rules.map { try HeartRulesFile(path: $0).kinds.map(\.name) } ?? [],
        evidence: { path in try PublicDocument.hash(folder.appending(path: path).path) },
        commitment: { who, label in Commitment(to: Array(who.utf8), by: key, for: label).hash })
    }

    private func show(_ recorded: Recorded) throws {
      if json.isOn {
        try Output.json(recorded)
      } else {
        Output.line("recorded \(recorded.accepted) events, refused \(recorded.refused)")
        for transaction in recorded.transactions { Output.line("  transaction  \(transaction)") }
        Output.line("  chain        \(recorded.chain)")
      }
      for event in recorded.events where event.code != ErrorCode.success.name {
        let place = "\(file):\(event.line.map { "\($0):" } ?? "") event \(event.number)"
        Output.note(
          event.code.map { "\($0): \(place) was refused" }
            ?? "\(ClientError.Code.badAnswer.name): \(place): the answer was lost; its block's results have the code"
        )
      }
    }

    /// What became of a file.
    private struct Recorded: Encodable {
      struct Event: Encodable {
        let line: Int?
        let number: UInt64
        /// Absent where the node's answer was lost.
        let code: String?
      }

      let chain: String
      var transactions: [String] = []
      var accepted = 0
      var refused = 0
      var events: [Event] = []

      init(chain: String) { self.chain = chain }

      mutating func add(
        _ done: NodeClient.Submission, _ told: [NodeClient.Told], _ part: EventFile.Part, _ file: EventFile
      ) {
        transactions.append(done.transaction.description)
        for event in told {
          events.append(Event(line: file.lines[part.start + event.index], number: event.number, code: event.code))
          guard let code = event.code else { continue }
          if code == ErrorCode.success.name { accepted += 1 } else { refused += 1 }
        }
      }
    }
  }
}
