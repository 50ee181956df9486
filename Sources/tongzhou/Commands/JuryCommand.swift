internal import ArgumentParser
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou jury`.
struct JuryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jury",
    abstract: "Juries: get ready to judge, vote and open a vote; as an organisation, take part in the draw.",
    discussion: """
      A contested case waits for a draw. Each organisation has committed a hash chain before (commit) and reveals its
      next preimage now (reveal); what they reveal draws the jury among the members who are ready (volunteer). Jurors
      vote under seal (vote) and open their votes afterwards (open). The salt of a vote follows from the member's
      secret, so that nothing has to be kept in between.
      """,
    subcommands: [Volunteer.self, Vote.self, Open.self, Recuse.self, Commit.self, Reveal.self])

  /// What a member's steps have in common.
  struct Member: ParsableArguments {
    @OptionGroup var sent: SentStep

    @Option(help: "The membership's ordinal.")
    var membership: UInt32

    @Option(help: "The file with the member's secret.")
    var secret: String

    /// Carries out what the member's key signs; `salt` is that of her votes on a jury.
    func run(_ did: String, _ action: (_ salt: (UInt32) -> Hash) throws -> Action) async throws {
      try await sent.run { client, name, chain in
        let secret = try SecretFile.read(secret)
        let (key, record) = try await client.key(of: membership, secret, on: name, chain: chain)
        let action = try action { secret.voteSalt(chain: chain.id, plan: UInt32(record.plan), jury: $0) }
        return SentStep.Signed(did: did, action: action, key: key, account: record.owner)
      } note: { outcome, _, _, _ in
        outcome.membership = membership
      }
    }
  }

  /// `tongzhou jury volunteer`.
  struct Volunteer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "As a member: be ready to sit on juries, or no longer.")

    @OptionGroup var member: Member

    @Flag(help: "No longer ready.")
    var stop = false

    func run() async throws {
      try await member.run(stop ? "no longer ready" : "ready") { _ in
        try MutualAid.volunteer(membership: member.membership, ready: !stop)
      }
    }
  }

  /// `tongzhou jury vote`.
  struct Vote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "As a juror: vote under seal.")

    @OptionGroup var member: Member

    @Option(help: "The jury's ordinal.")
    var jury: UInt32

    @Flag(help: "Against the case.")
    var against = false

    func run() async throws {
      try await member.run("voted under seal") { salt in
        try MutualAid.commitVote(
          jury: jury, membership: member.membership, approve: !against, salt: salt(jury))
      }
    }
  }

  /// `tongzhou jury open`.
  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a juror: open the vote, after the time to vote. Say the same as in the vote.")

    @OptionGroup var member: Member

    @Option(help: "The jury's ordinal.")
    var jury: UInt32

    @Flag(help: "The vote was against the case.")
    var against = false

    func run() async throws {
      try await member.run("opened") { salt in
        try MutualAid.revealVote(
          jury: jury, membership: member.membership, approve: !against, salt: salt(jury))
      }
    }
  }

  /// `tongzhou jury recuse`.
  struct Recuse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a juror: step back in the first half of the time to vote; another is drawn.")

    @OptionGroup var member: Member

    @Option(help: "The jury's ordinal.")
    var jury: UInt32

    func run() async throws {
      try await member.run("stepped back") { _ in
        try MutualAid.recuse(jury: jury, membership: member.membership)
      }
    }
  }
}

/// What organisations do for draws.
extension JuryCommand {
  /// What both steps have in common.
  struct Organisation: ParsableArguments {
    @OptionGroup var sent: SentStep

    @Option(name: .customLong("as"), help: "The organisation's ordinal.")
    var organisation: UInt16

    @OptionGroup var acting: OfficerOption

    /// Carries out what an officer signs; the secret of the hash chains lies beside her key.
    ///
    /// - Parameter making: whether to make that secret where there is none.
    func run(
      _ did: String, making: Bool, _ action: (NodeClient, String, TrustedChain, DiceSecret) async throws -> Action
    ) async throws {
      try await sent.run { client, name, chain in
        let officers = try acting.required(for: "drawing juries")
        let key = try await officers.key(of: organisation, client, on: name, chain: chain)
        let dice = try await officers.dice(of: organisation, making: making, client, on: name, chain: chain)
        return SentStep.Signed(did: did, action: try await action(client, name, chain, dice), key: key)
      }
    }
  }

  /// `tongzhou jury commit`.
  struct Commit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an organisation: commit a hash chain, between draws.",
      discussion: """
        The secret of the chain is made at the first time and kept beside the officer's key, in ORGANISATION.dice. A
        node that has both files in its directory of keys reveals by itself whenever a draw opens.
        """)

    @OptionGroup var organisation: Organisation

    @Option(help: "The number of the hash chain (1 to \(DiceSecret.maximumSeries)): one more when a chain is used up.")
    var series = 1

    func validate() throws {
      guard (1...DiceSecret.maximumSeries).contains(series) else {
        throw ValidationError("--series is 1 to \(DiceSecret.maximumSeries)")
      }
    }

    func run() async throws {
      try await organisation.run("committed", making: true) { _, _, _, dice in
        try MutualAid.commitDice(tip: dice.chain(series: series).tip)
      }
    }
  }

  /// `tongzhou jury reveal`.
  struct Reveal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an organisation whose node does not do it: reveal the next preimage for the open draw.")

    @OptionGroup var organisation: Organisation

    func run() async throws {
      try await organisation.run("revealed", making: false) { client, name, chain, dice in
        let draws = try await client.record(DrawRecord.self, table: "draws", ordinal: 0, on: name, chain: chain).count
        let record = try await client.record(
          DiceRecord.self, table: "dice", ordinal: UInt64(organisation.organisation), on: name, chain: chain
        ).record
        guard let preimage = dice.preimage(for: record) else {
          throw LedgerError(.noDice, "the chain that was committed is not of this secret, or is used up")
        }
        return try MutualAid.revealDice(draw: UInt32(draws - 1), preimage: preimage)
      }
    }
  }
}
