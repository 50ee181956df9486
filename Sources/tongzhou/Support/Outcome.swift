internal import ArgumentParser
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// The option by which the proof of what was done is kept.
struct ReceiptOption: ParsableArguments {
  @Option(help: "Write the receipt to this file: proof for ever that the transaction stands on the chain.")
  var receipt: String?

  /// Writes the receipt, if that was asked for.
  func keep(_ submission: NodeClient.Submission) throws {
    if let receipt { try SmallFile.write(submission.receipt.json(), to: receipt) }
  }
}

/// What became of something a person or an organisation did.
struct Outcome: Encodable {
  let did: String
  let chain: String
  let transaction: String
  let index: UInt64
  let height: UInt64
  let time: UInt64
  var membership: UInt32?
  var plan: UInt16?
  var owner: String?
  var `case`: UInt32?
  var proposal: UInt32?
  /// Of a chain of hearts, what it is about: ordinals.
  var gift: UInt32?
  var project: UInt32?
  var partner: UInt32?
  var channel: UInt32?
  var consent: UInt32?
  var rows: [String]?
  var receipt: String?

  /// - Parameter did: in words.
  init(_ did: String, _ submission: NodeClient.Submission, chain: TrustedChain, receipt: String?) {
    self.did = did
    self.chain = chain.id.description
    self.receipt = receipt
    transaction = submission.transaction.description
    index = submission.receipt.index
    height = submission.seal.height
    time = submission.seal.time.seconds
    rows = submission.rows.flatMap { $0.isEmpty ? nil : $0 }
  }

  func print(isPinned: Bool) {
    Output.line(did)
    if let membership { Output.line("  membership   \(membership)") }
    if let plan { Output.line("  plan         \(plan)") }
    if let owner { Output.line("  owner        \(owner)") }
    if let `case` { Output.line("  case         \(`case`)") }
    if let proposal { Output.line("  proposal     \(proposal)") }
    for (what, ordinal) in [
      ("gift", gift), ("project", project), ("partner", partner), ("channel", channel), ("consent", consent),
    ] {
      guard let ordinal else { continue }
      Output.line("  \(what)\(String(repeating: " ", count: 13 - what.utf8.count))\(ordinal)")
    }
    if let rows { Output.line("  rows         \(rows.joined(separator: ", "))") }
    Output.line("  transaction  \(transaction)")
    Output.line(
      "  place        entry \(index), block \(height); receipt verified" + (receipt.map { ", in \($0)" } ?? ""))
    Output.line(
      "  chain        \(chain)" + (isPinned ? ", as pinned" : "; compare it with the one you know, or use --genesis"))
  }
}

extension Outcome {
  /// Prints it in the form that was asked for.
  func show(_ json: JSONOption, _ node: NodeOptions) throws {
    try json.isOn ? Output.json(self) : print(isPinned: node.genesis != nil)
  }
}
