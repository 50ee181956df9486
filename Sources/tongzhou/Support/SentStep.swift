internal import ArgumentParser
internal import Ledger
internal import TongzhouClient

/// What everything has in common that a person or an organisation signs and hands in.
struct SentStep: ParsableArguments {
  @Argument(help: "The node's address.")
  var url: String

  @OptionGroup var receipt: ReceiptOption
  @OptionGroup var node: NodeOptions
  @OptionGroup var json: JSONOption

  /// What is handed in: in words, the action, and who signs it.
  struct Signed {
    let did: String
    let action: Action
    let key: SigningKey
    /// The sender, where the key is not her first.
    var account: Address?
    /// Who signs besides her.
    var others: [SigningKey] = []
    /// The rows of its manifest.
    var rows: [[UInt8]] = []
  }

  /// Hands in what a body signs, keeps the receipt if that was asked for, and shows what became of it.
  ///
  /// - Parameters:
  ///   - hearts: whether it is about a chain of hearts: the first such, where none is named.
  ///   - note: adds what it is about, when it is done.
  func run(
    hearts: Bool = false, _ body: (NodeClient, _ name: String, TrustedChain) async throws -> Signed,
    note: (inout Outcome, NodeClient, _ name: String, TrustedChain) async throws -> Void = { _, _, _, _ in }
  ) async throws {
    do {
      try await node.with(url, hearts: hearts) { client, name, chain in
        let signed = try await body(client, name, chain)
        let done = try await client.perform(
          signed.action, by: signed.key, as: signed.account, with: signed.others, rows: signed.rows, on: name,
          chain: chain)
        try receipt.keep(done)
        var outcome = Outcome(signed.did, done, chain: chain, receipt: receipt.receipt)
        try await note(&outcome, client, name, chain)
        try outcome.show(json, node)
      }
    } catch {
      throw Output.fail(error)
    }
  }
}
