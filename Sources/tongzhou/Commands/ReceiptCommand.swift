internal import ArgumentParser
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou receipt`.
struct ReceiptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt",
    abstract: "A transaction's receipt: proof that it stands on the chain under a quorum.",
    discussion: """
      Fetches the receipt from a node and checks everything it claims. Keep the file; `verify` checks it for ever
      without asking anybody. --proof writes the bare C2SP proof as well, which any client of transparency logs
      understands.

        tongzhou receipt http://127.0.0.1:8080 --transaction HASH --output receipt.json
        tongzhou verify receipt.json --genesis CHAIN-ID --policy policy
      """)

  @Argument(help: "The node's address.")
  var url: String

  @Option(help: "The transaction's hash: 64 hexadecimal digits.")
  var transaction: String

  @Option(help: "Write the receipt to this file.")
  var output: String?

  @Flag(help: "Write the file packed by gzip.")
  var packed = false

  @Option(help: "Write the entry's C2SP proof, .tlog-proof, to this file.")
  var proof: String?

  @Option(help: "Draw the receipt as at most four QR codes, in files of this name with -1.svg and so on.")
  var qr: String?

  @OptionGroup var node: NodeOptions
  @OptionGroup var json: JSONOption

  func run() async throws {
    do {
      let (receipt, transaction, seal) = try await receipt()
      if let output { try SmallFile.write(packed ? receipt.packed() : receipt.json(), to: output) }
      if let proof { try SmallFile.write(receipt.tlogProof(), to: proof) }
      let drawn = try qr.map { try Self.draw(receipt, to: $0) }
      let shown = Shown(
        chain: receipt.chain, transaction: transaction.hash.description, sender: transaction.sender.description,
        contract: transaction.action.contract, kind: transaction.action.kind, index: receipt.index,
        height: seal.height, time: seal.time.seconds, failedInBlock: seal.failed, qr: drawn)
      try json.isOn ? Output.json(shown) : shown.print(isPinned: node.genesis != nil)
    } catch {
      throw Output.fail(error)
    }
  }

  /// Writes the QR codes, and gives the names of their files.
  private static func draw(_ receipt: Receipt, to prefix: String) throws -> [String] {
    try ProofParts.pictures(of: receipt).enumerated().map { place, picture in
      let path = "\(prefix)-\(place + 1).svg"
      try SmallFile.write(Array(picture.utf8), to: path)
      return path
    }
  }

  private func receipt() async throws -> (Receipt, VerifiedTransaction, Seal) {
    guard let hash = Hash(hexadecimal: transaction) else {
      throw LedgerError(.malformed, "--transaction is its hash, 64 hexadecimal digits")
    }
    return try await node.with(url) { client, name, chain in
      try await client.receipt(of: hash, on: name, chain: chain)
    }
  }

  /// What a receipt proves.
  struct Shown: Encodable {
    let chain: String
    let transaction: String
    let sender: String
    let contract: String
    let kind: UInt32
    let index: UInt64
    let height: UInt64
    let time: UInt64
    let failedInBlock: UInt32
    /// The files of the QR codes.
    let qr: [String]?
    let ok = true

    private enum CodingKeys: String, CodingKey {
      case chain, transaction, sender, contract, kind, index, height, time, failedInBlock, qr, ok
    }

    func print(isPinned: Bool) {
      Output.line("transaction \(transaction)")
      Output.line("  \(contract), kind \(kind), by \(sender)")
      Output.line("  stands as entry \(index) in block \(height), time \(time), under a quorum's cosignatures")
      Output.line(
        failedInBlock == 0
          ? "  no transaction of its block was refused"
          : "  \(failedInBlock) transactions or rows of its block were refused; a replay tells which")
      if let qr { Output.line("  drawn in \(qr.joined(separator: ", "))") }
      Output.line(
        "  chain \(chain)" + (isPinned ? ", as pinned" : "; compare it with the one you know, or use --genesis"))
    }
  }
}
