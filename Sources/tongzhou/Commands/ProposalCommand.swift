internal import ArgumentParser
internal import Consortium
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou proposal`.
struct ProposalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proposal",
    abstract: "What the organisations decide: propose, vote, take back, pause.",
    discussion: """
      docs/governance.md says what can be changed and what it takes. On a demonstration the officers' keys lie in
      DATA/keys.

        tongzhou proposal make http://127.0.0.1:8080 suspend 4 --organisation 0 --officers data/demo/keys
        tongzhou proposal make http://127.0.0.1:8080 convention 0 next.yaml --organisation 0 --officers data/demo/keys
        tongzhou proposal vote http://127.0.0.1:8080 --proposal 3 --organisation 1 --officers data/demo/keys
        tongzhou proposal withdraw http://127.0.0.1:8080 --proposal 3 --organisation 0 --officers data/demo/keys
        tongzhou proposal pause http://127.0.0.1:8080 --plan 0 --organisation 1 --officers data/demo/keys

      What is open, and how it stands: /v1/proposals of the node.
      """,
    subcommands: [Make.self, Vote.self, Withdraw.self, CallPause.self])

  /// What every step has in common.
  struct Step: ParsableArguments {
    @OptionGroup var sent: SentStep

    @Option(help: "The ordinal of the organisation to act for.")
    var organisation: UInt16

    @OptionGroup var acting: OfficerOption

    /// Signs what a step makes as the organisation's officer, hands it in and shows what became of it.
    ///
    /// - Parameters:
    ///   - hearts: whether it is about a chain of hearts.
    ///   - proposed: the ordinal of the proposal that the action is about or has made.
    func run(
      hearts: Bool = false,
      proposed: (NodeClient, _ name: String, TrustedChain) async throws -> UInt32? = { _, _, _ in nil },
      _ body: (NodeClient, _ name: String, TrustedChain) async throws -> (did: String, action: Action)
    ) async throws {
      try await sent.run(hearts: hearts) { client, name, chain in
        let key = try await acting.required(for: "deciding").key(of: organisation, client, on: name, chain: chain)
        let (did, action) = try await body(client, name, chain)
        return SentStep.Signed(did: did, action: action, key: key)
      } note: { outcome, client, name, chain in
        outcome.proposal = try await proposed(client, name, chain)
      }
    }
  }

  /// `tongzhou proposal make`.
  struct Make: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Propose a change; an organisation that endorses votes for it with that.",
      discussion: """
        The change is one of
          suspend N | unsuspend N | remove N                       an organisation by its ordinal
          add-officer N KEY | rotate-officer ADDRESS KEY | remove-officer ADDRESS
          rotate-key N vote|cosign|log KEY                         KEY: 64 hexadecimal digits of a public key
          convention PLAN FILE                                     the plan's next convention
          hearts FILE                                              kinds of gifts, their rates and the love index
          offices PLAN CUSTODIAN IDENTITY                          who acts for a plan
          wind-down PLAN                                           a plan ends: claims for a time, then balances back
          extend-pause N SECONDS | end-pause N                     a pause by its ordinal; seconds since 1970
        """)

    @OptionGroup var step: Step

    @Argument(help: "The change, in words as below.")
    var change: [String]

    func run() async throws {
      if change.count == 2, change[0] == "hearts" { return try await proposeHearts(change[1]) }
      let action: Action
      do {
        action = try Consortium.propose(ChangeWords.change(change))
      } catch {
        throw Output.fail(error)
      }
      try await step.run(proposed: { try await newest(action, $0, $1, $2) }) { _, _, _ in ("proposed", action) }
    }

    /// Kinds keep the ordinals that they have on the chain, so those are asked for first.
    private func proposeHearts(_ path: String) async throws {
      let file: HeartRulesFile
      do {
        file = try HeartRulesFile(path: path)
      } catch {
        throw Output.fail(error)
      }
      var made: Action?
      try await step.run(
        hearts: true,
        proposed: { client, name, chain in
          guard let made else { return nil }
          return try await newest(made, client, name, chain)
        }
      ) { client, name, chain in
        let present = try await client.giftKinds(on: name, chain: chain)
        let action = try Consortium.propose(file.change(from: present))
        made = action
        return ("proposed", action)
      }
    }

    /// The newest proposal with an action's content, among the last ones.
    private func newest(
      _ action: Action, _ client: NodeClient, _ name: String, _ chain: TrustedChain
    ) async throws -> UInt32? {
      let content = Hash.sha256(action.payload)
      var ordinal = try await client.record(
        ProposalRecord.self, table: "proposals", ordinal: 0, on: name, chain: chain
      ).count
      for _ in 0..<min(ordinal, 64) {
        ordinal -= 1
        let record = try await client.record(
          ProposalRecord.self, table: "proposals", ordinal: ordinal, on: name, chain: chain
        ).record
        if record.content == content { return UInt32(ordinal) }
      }
      return nil
    }
  }

  /// `tongzhou proposal vote`.
  struct Vote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vote for a proposal, or against it; once for each organisation.")

    @OptionGroup var step: Step

    @Option(help: "The proposal's ordinal.")
    var proposal: UInt32

    @Flag(help: "Vote against it.")
    var against = false

    @Option(help: "Vote only if the proposal's content has this SHA-256, as /v1/proposals shows it.")
    var content: String?

    func run() async throws {
      try await step.run(proposed: { _, _, _ in proposal }) { client, name, chain in
        let record = try await client.record(
          ProposalRecord.self, table: "proposals", ordinal: UInt64(proposal), on: name, chain: chain
        ).record
        guard content == nil || content == record.content.description else {
          throw LedgerError(.wrongContent, "the proposal's content is \(record.content)")
        }
        return (
          against ? "voted against" : "voted for",
          try Consortium.vote(proposal: proposal, content: record.content, approve: !against)
        )
      }
    }
  }

  /// `tongzhou proposal withdraw`.
  struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the organisation that proposed: take the proposal back while votes are taken.")

    @OptionGroup var step: Step

    @Option(help: "The proposal's ordinal.")
    var proposal: UInt32

    func run() async throws {
      try await step.run(proposed: { _, _, _ in proposal }) { _, _, _ in
        ("taken back", try Consortium.withdraw(proposal: proposal))
      }
    }
  }

  /// `tongzhou proposal pause`.
  struct CallPause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pause",
      abstract: "Call for a pause of a plan's payouts or joins; the second organisation to call begins it.")

    @OptionGroup var step: Step

    @Option(help: "The plan's ordinal.")
    var plan: UInt16

    @Flag(help: "Of its joins instead of its payouts.")
    var joins = false

    func run() async throws {
      try await step.run { _, _, _ in
        ("called for a pause", try Consortium.callPause(joins ? .joins : .payouts, plan: plan))
      }
    }
  }
}

/// Changes in the words of the command line.
enum ChangeWords {
  /// Reads a change.
  ///
  /// - Throws: `encoding.malformed` for words that are none, and what its parts throw.
  static func change(_ words: [String]) throws -> Change {
    let rest = Array(words.dropFirst())
    switch (words.first ?? "", rest.count) {
    case ("suspend", 1): return .suspend(try ordinal(rest[0]))
    case ("unsuspend", 1): return .unsuspend(try ordinal(rest[0]))
    case ("remove", 1): return .removeOrganisation(try ordinal(rest[0]))
    case ("add-officer", 2): return .addOfficer(try ordinal(rest[0]), .init(key: try key(rest[1])))
    case ("rotate-officer", 2): return .rotateOfficer(try Address(text: rest[0]), try key(rest[1]))
    case ("remove-officer", 1): return .removeOfficer(try Address(text: rest[0]))
    case ("rotate-key", 3):
      let purposes: [(String, KeyPurpose)] = [("vote", .vote), ("cosign", .cosign), ("log", .log)]
      guard let purpose = purposes.first(where: { $0.0 == rest[1] })?.1 else { throw unknown(rest[1]) }
      return .rotateKey(try ordinal(rest[0]), purpose, try key(rest[2]))
    case ("convention", 2):
      return try MutualAid.change(convention: ConventionFile(path: rest[1]).convention, of: ordinal(rest[0]))
    case ("offices", 3):
      return try MutualAid.change(
        officesOf: ordinal(rest[0]), custodian: ordinal(rest[1]), identity: ordinal(rest[2]))
    case ("wind-down", 1): return try MutualAid.windDown(of: ordinal(rest[0]))
    case ("extend-pause", 2):
      guard let seconds = UInt64(rest[1]) else { throw unknown(rest[1]) }
      return .extendPause(UInt32(try ordinal(rest[0])), try Timestamp(validating: seconds))
    case ("end-pause", 1): return .endPause(UInt32(try ordinal(rest[0])))
    default: throw unknown(words.joined(separator: " "))
    }
  }

  private static func ordinal(_ word: String) throws(LedgerError) -> UInt16 {
    guard let ordinal = UInt16(word) else { throw unknown(word) }
    return ordinal
  }

  private static func key(_ word: String) throws(LedgerError) -> PublicKey {
    guard let hash = Hash(hexadecimal: word) else { throw unknown(word) }
    return try PublicKey(hash.bytes)
  }

  private static func unknown(_ word: String) -> LedgerError {
    LedgerError(.malformed, "\(word): no such change; see tongzhou proposal make --help")
  }
}
