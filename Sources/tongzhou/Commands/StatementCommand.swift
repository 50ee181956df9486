internal import ArgumentParser
internal import Ledger
internal import TongzhouClient

/// `tongzhou statement`.
struct StatementCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statement",
    abstract: "A membership's statement: every change and every share since the join, proven.",
    discussion: """
      Fetches the statement from a node and derives the balance anew from the proofs: nothing can be left out or added.
      Keep the file; `statement verify` checks it for ever without asking anybody. --cases opens cases: what each was
      given, with all others of its settlement.

        tongzhou statement http://127.0.0.1:8080 --membership 3 --output statement.json
        tongzhou statement http://127.0.0.1:8080 --membership 3 --cases all --packed --output statement.json.gz
        tongzhou statement verify statement.json --genesis CHAIN-ID --policy policy
      """,
    subcommands: [Fetch.self, VerifyCommand.self], defaultSubcommand: Fetch.self)

  /// `tongzhou statement fetch`, which is what `tongzhou statement` does.
  struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Fetch a statement from a node, and check it.")

    @Argument(help: "The node's address.")
    var url: String

    @Option(help: "The membership's ordinal.")
    var membership: UInt32

    @Option(help: "The cases to open: their ordinals with commas between, or all.")
    var cases: String?

    @Option(help: "Write the statement to this file.")
    var output: String?

    @Flag(help: "Write the file packed by gzip.")
    var packed = false

    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        let wanted = try wanted()
        let (statement, proven) = try await node.with(url) { client, name, chain in
          try await client.statement(of: membership, on: name, chain: chain, cases: wanted)
        }
        if let output { try SmallFile.write(packed ? statement.packed() : statement.json(), to: output) }
        let shown = StatementShown(statement, proven)
        try json.isOn ? Output.json(shown) : shown.print(isPinned: node.genesis != nil)
      } catch {
        throw Output.fail(error)
      }
    }

    private func wanted() throws -> WantedCases {
      guard let cases else { return .nothing }
      guard let wanted = WantedCases(text: cases) else {
        throw LedgerError(
          .malformed, "--cases is `all`, or up to \(WantedCases.mostNamed) ordinals with commas between")
      }
      return wanted
    }
  }
}
