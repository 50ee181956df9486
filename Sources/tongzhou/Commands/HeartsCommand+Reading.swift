internal import ArgumentParser
internal import Foundation
internal import HeartChain
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

extension HeartsCommand {
  /// `tongzhou hearts show`.
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show an address's hearts and love index, and how they came to be; every number is proven.",
      discussion: """
        The record and the formula come with proofs, and the changes are those of the record's history, so none is left
        out. The index is points of eligibility, no credit score.
        """)

    @Argument(help: "The node's address.")
    var url: String

    @Argument(help: "The address, tz1…")
    var address: String

    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        let address = try Address(text: address)
        try await node.with(url, hearts: true) { client, name, chain in
          let giver = try await client.giver(address, on: name, chain: chain)
          let consents = try await client.consents(of: address, on: name, chain: chain)
          let shown = ShownGiver(giver, consents, chain: chain.id)
          try json.isOn ? Output.json(shown) : shown.print(isPinned: node.genesis != nil)
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou hearts gift`.
  struct Gift: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a gift, what became of it, and its way in words.",
      discussion: """
        The gift's record is proven; what became of it the node follows event by event, and `hearts way` gives the proof
        of a lot's whole way.
        """)

    @Argument(help: "The node's address.")
    var url: String

    @Argument(help: "The gift's number.")
    var gift: UInt32

    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        try await node.with(url, hearts: true) { client, name, chain in
          let record = try await client.gift(gift, on: name, chain: chain)
          let story = try await client.impact(of: gift, on: name)
          guard story.hearts == record.hearts, story.lot == (record.isAttendance ? nil : record.origin) else {
            throw ClientError(.unproven, "the node's words of the gift are not those of its record")
          }
          let names = try await client.organisationNames(on: name, chain: chain)
          var steps: [ToldStep] = []
          if !record.isAttendance { steps = try await client.steps(from: record.origin, on: name) }
          let shown = ShownGift(gift, record, story, steps: steps, organisations: names, chain: chain.id)
          try json.isOn ? Output.json(shown) : shown.print()
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou hearts way`.
  struct WayFile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "way",
      abstract: "Fetch the proof of a lot's whole way, check it, and keep it.",
      discussion: """
        The file holds every event of the lot and of the lots it came from, back to the gifts, under the lot's record in
        a state that a quorum signed. `tongzhou verify` checks it again without asking anybody.
        """)

    @Argument(help: "The node's address.")
    var url: String

    @Argument(help: "The lot's number.")
    var lot: UInt32

    @Option(help: "The file to write.")
    var out: String

    @Option(help: "Language of what it says: zh or en.")
    var lang = LanguageOption.en

    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        try await node.with(url, hearts: true) { client, name, chain in
          let bytes = try await client.wayFile(of: lot, on: name, limit: WayFile.maximumByteCount)
          let content = try ProofContent(bytes, limit: WayFile.maximumByteCount)
          guard content.format == "tongzhou-way/v1", try WayFile.lot(of: bytes) == UInt64(lot) else {
            throw ClientError(.unproven, "the node's file is not the way of lot \(lot)")
          }
          let file = try VerifiedFile(
            content, chain: chain.id, policies: .proven(chain.policies), language: lang.language)
          try SmallFile.write(bytes, to: out)
          guard !json.isOn else { return try Output.json(Kept(file: out, lot: lot, words: file.words)) }
          Output.line("kept \(out), which holds")
          for line in file.words { Output.line("  " + line) }
        }
      } catch {
        throw Output.fail(error)
      }
    }

    /// The most bytes of a way's file.
    private static let maximumByteCount = 32_000_000

    private struct Kept: Encodable {
      let file: String
      let lot: UInt32
      let words: [String]
    }

    /// The lot that a file names.
    private static func lot(of bytes: [UInt8]) throws -> UInt64 {
      struct Named: Decodable {
        struct Record: Decodable { let ordinal: UInt64 }
        let record: Record
      }
      guard let named = try? JSONDecoder().decode(Named.self, from: Data(bytes)) else {
        throw ClientError(.unproven, "the file names no lot")
      }
      return named.record.ordinal
    }
  }

  /// `tongzhou hearts lots`.
  struct Lots: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show lots: where they are and what is left of them; every record is proven.")

    @Argument(help: "The node's address.")
    var url: String

    @Argument(help: "Numbers of lots.")
    var lots: [UInt32]

    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        try await node.with(url, hearts: true) { client, name, chain in
          let names = try await client.organisationNames(on: name, chain: chain)
          var shown: [ShownLot] = []
          for lot in lots {
            shown.append(ShownLot(lot, try await client.lot(lot, on: name, chain: chain), organisations: names))
          }
          guard !json.isOn else { return try Output.json(shown) }
          for lot in shown { lot.print() }
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou hearts rules`.
  struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rules",
      abstract: "Files of kinds of gifts, their rates and the love index.",
      subcommands: [Check.self])

    /// `tongzhou hearts rules check`.
    struct Check: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Check a file of rules, as `proposal make hearts` would propose it.")

      @Argument(help: "The file.")
      var file: String

      @OptionGroup var json: JSONOption

      func run() throws {
        do {
          let rules = try HeartRulesFile(path: file)
          let shown = ShownRules(rules)
          try json.isOn ? Output.json(shown) : shown.print()
        } catch {
          throw Output.fail(error)
        }
      }
    }
  }
}
