internal import Contracts
internal import Foundation
internal import Ledger
internal import MutualAid
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// The checks at the end of a demonstration, from the files alone.
struct DemoChecks {
  let receiptBytes: Int
  let receiptHeight: UInt64
  let statementBytes: Int
  let statementChanges: Int
  let statementShares: Int
  let statementBalance: Amount
  let memberNumber: UInt32
  let audit: Auditor<DirectorySource>.Report
  let auditSeconds: Double

  /// Writes `receipt.json` and `statement.json`, and verifies both and the whole chain.
  static func run(
    log: String, directory: String, genesis: Genesis, membership: UInt32, receiptEntry: UInt64
  ) throws -> DemoChecks {
    let source = DirectorySource(LogDirectory(log))
    // The pinned genesis gives the organisations; the policy follows from it and from nothing the files say.
    let endorsers = try ChainState(genesis: genesis).endorsers
    let policy = try endorsers.policy(origin: genesis.origin)

    let began = ContinuousClock.now
    var bar = ProgressBar("auditing")
    let audit = try Auditor(source, genesis: genesis.chain, watching: membership).run { bar.show($0, of: $1) }
    bar.finish()
    let seconds = (ContinuousClock.now - began) / .seconds(1)

    let receipt = try Receipt(entry: receiptEntry, from: source).json()
    try Data(receipt).write(to: URL(fileURLWithPath: directory + "/receipt.json"))
    let proven = try Receipt(file: receipt).verify(chain: genesis.chain, policy: policy)

    let statement = try Statement(watched: audit, from: source).json()
    try Data(statement).write(to: URL(fileURLWithPath: directory + "/statement.json"))
    let derived = try Statement(file: statement).verify(chain: genesis.chain, policy: policy)
    return DemoChecks(
      receiptBytes: receipt.count, receiptHeight: proven.seal.height, statementBytes: statement.count,
      statementChanges: derived.changes.count, statementShares: derived.shares.count,
      statementBalance: Amount(micro: derived.balance), memberNumber: derived.membership.number, audit: audit,
      auditSeconds: seconds)
  }
}
