internal import ArgumentParser
internal import Consortium
internal import HeartChain
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

extension HeartsCommand {
  /// `tongzhou hearts partner`.
  struct Partner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "partner",
      abstract: "Shops, rentals and employers that take part, and what they open.",
      discussion: """
        The platform registers a partner by its address (hearts address of the partner's own secret). The partner says
        from which threshold of the love index on it opens something. Descriptions are files or words, of which the
        chain gets the SHA-256.

          tongzhou hearts partner register http://127.0.0.1:8080 --account tz1… --text shop.example --officers KEYS
          tongzhou hearts partner channel http://127.0.0.1:8080 --partner 0 --threshold 650 --about bicycles.txt \\
            --key shop.key
        """,
      subcommands: [Register.self, Channel.self, CloseChannel.self, Close.self, Sign.self])
  }
}

extension HeartsCommand.Partner {
  /// `tongzhou hearts partner register`.
  struct Register: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "As the platform: register a partner.")

    @OptionGroup var sent: SentStep
    @OptionGroup var acting: OfficerOption

    @Option(help: "The partner's address.")
    var account: String

    @OptionGroup var description: DescriptionOptions

    func run() async throws {
      try await sent.run(hearts: true) { client, name, chain in
        let address = try Address(text: account)
        let key = try await acting.required(for: "registering a partner")
          .key(with: .platform, client, on: name, chain: chain)
        return SentStep.Signed(
          did: "registered",
          action: try Hearts.registerPartner(account: address, description: description.hash()), key: key)
      } note: { outcome, client, name, chain in
        outcome.partner = try await client.newest(
          PartnerRecord.self, table: "partners", on: name, chain: chain
        ) { $0.account.description == account }
      }
    }
  }

  /// What a partner signs itself.
  struct Step: ParsableArguments {
    @OptionGroup var sent: SentStep

    @Option(help: "The file with the partner's key: its secret, or an officer's file of a demonstration.")
    var key: String

    func run(
      _ did: String, _ action: () throws -> Action,
      note: (inout Outcome, NodeClient, _ name: String, TrustedChain) async throws -> Void
    ) async throws {
      try await sent.run(hearts: true) { _, _, chain in
        SentStep.Signed(did: did, action: try action(), key: try PartnerKey.read(key, chain: chain.id))
      } note: { outcome, client, name, chain in
        try await note(&outcome, client, name, chain)
      }
    }
  }

  /// `tongzhou hearts partner channel`.
  struct Channel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a partner: open something from a threshold of the love index on.")

    @OptionGroup var step: Step

    @Option(help: "The partner's number.")
    var partner: UInt32

    @Option(help: "A threshold of the formula in force, like 650.")
    var threshold: UInt32

    @OptionGroup var description: DescriptionOptions

    func run() async throws {
      try await step.run("opened") {
        try Hearts.openChannel(partner: partner, threshold: threshold, description: description.hash())
      } note: { outcome, client, name, chain in
        let hash = try description.hash()
        outcome.partner = partner
        outcome.channel = try await client.newest(
          ChannelRecord.self, table: "channels", on: name, chain: chain
        ) { $0.partner == partner && $0.description == hash }
      }
    }
  }

  /// `tongzhou hearts partner close-channel`.
  struct CloseChannel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "As a partner: close a channel.")

    @OptionGroup var step: Step

    @Option(help: "The channel's number.")
    var channel: UInt32

    func run() async throws {
      try await step.run("closed") {
        try Hearts.closeChannel(channel)
      } note: { outcome, _, _, _ in
        outcome.channel = channel
      }
    }
  }

  /// `tongzhou hearts partner close`.
  struct Close: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a partner: take part no longer. The platform does it with its officer's file as --key.")

    @OptionGroup var step: Step

    @Option(help: "The partner's number.")
    var partner: UInt32

    func run() async throws {
      try await step.run("ended") {
        try Hearts.closePartner(partner)
      } note: { outcome, _, _, _ in
        outcome.partner = partner
      }
    }
  }

  /// `tongzhou hearts partner sign`.
  struct Sign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a partner: sign what a giver signed to spend hearts (hearts spend --output), and hand it in.",
      discussion: "With --bill it is signed only if it names this receipt, with --hearts only if it is so many.")

    @Argument(help: "The node's address.")
    var url: String

    @Argument(help: "The file that the giver signed.")
    var file: String

    @Option(help: "The file with the partner's key.")
    var key: String

    @Option(help: "The receipt that it has to name.")
    var bill: String

    @Option(help: "How many hearts it has to be.")
    var hearts: Int64

    @OptionGroup var receipt: ReceiptOption
    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        try await node.with(url, hearts: true) { client, name, chain in
          let envelope = try SmallFile.read(file, limit: Entry.maximumBytes)
          let bill = try PublicDocument.hash(bill)
          // Read before it is signed: a partner signs its own receipt and nothing else.
          let signed = try VerifiedTransaction.verify(envelope: envelope, chain: chain.id)
          guard let spending = try? Hearts.spending(in: signed.action), spending.receipt == bill,
            spending.hearts == hearts
          else { throw LedgerError(.malformed, "\(file) does not spend \(hearts) hearts for this receipt") }
          let whole = try UnsignedTransaction.countersigned(envelope, by: PartnerKey.read(key, chain: chain.id))
          let done = try await client.perform(signed: whole, on: name, chain: chain)
          try receipt.keep(done)
          var outcome = Outcome("spent \(hearts) hearts", done, chain: chain, receipt: receipt.receipt)
          outcome.partner = spending.partner
          outcome.owner = signed.sender.description
          try outcome.show(json, node)
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }
}
