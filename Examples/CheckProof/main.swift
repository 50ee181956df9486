import Foundation
import Ledger
import MutualAid
import TongzhouClient
import TransparencyLog

// Checks a receipt or a statement without asking anybody: no node, no network, no clock.
//
//     check-proof FILE CHAIN-ID POLICY
//
// Two things have to be known before, and from somewhere else than the file: the chain's id, which is the hash of its
// genesis, and the policy, which lists the organisations' keys and how many of them make a quorum. A file that brought
// its own keys would prove nothing.

/// A file's bytes, or an error for one that is longer than any file of its kind.
func read(_ path: String, limit: Int) throws -> [UInt8] {
  let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
  defer { try? file.close() }
  let bytes = try file.read(upToCount: limit + 1) ?? Data()
  guard bytes.count <= limit else { throw CocoaError(.fileReadTooLarge) }
  return Array(bytes)
}

/// A day, for people.
func day(_ time: Timestamp) -> String {
  Date(timeIntervalSince1970: TimeInterval(time.seconds)).formatted(.iso8601.year().month().day())
}

/// What a receipt proves: that a transaction stands on the chain, at one place, under a quorum.
func check(_ receipt: Receipt, _ chain: Hash, _ policy: Policy) throws {
  let (transaction, seal) = try receipt.verify(chain: chain, policy: policy)
  print("a receipt that holds")
  print("  transaction  \(transaction.hash)")
  print("  signed by    \(transaction.sender)")
  print("  stands in    block \(seal.height) of \(day(seal.time)), entry \(receipt.index) of the log")
  // A receipt proves the place. Whether the rules let the transaction through follows from it alone only where the
  // block counts nobody who was refused.
  print("  refused      \(seal.failed) of the block's \(seal.transactions) transactions")
}

/// What a statement proves: every change of a membership and every share it gave, and so its balance.
func check(_ statement: TongzhouClient.Statement, _ chain: Hash, _ policy: Policy) throws {
  let proven = try statement.verify(chain: chain, policy: policy)
  print("a statement that holds")
  print("  membership   \(statement.membership.ordinal), member \(proven.membership.number) of its plan")
  print("  owner        \(proven.membership.owner)")
  print("  changes      \(proven.changes.count) since \(day(proven.membership.joinedAt))")
  for (settlement, given, balance) in proven.shares {
    print("  \(day(settlement.time))   gave \(Amount(micro: given)) yuan, \(Amount(micro: balance)) left")
  }
  // Nobody's word: it was computed here, from the changes and the shares.
  print("  balance      \(Amount(micro: proven.balance)) yuan after block \(proven.seal.height)")
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 3, let chain = Hash(hexadecimal: arguments[1]) else {
  print("usage: check-proof FILE CHAIN-ID POLICY")
  exit(64)
}
do {
  let policy = try Policy(text: read(arguments[2], limit: Policy.maximumByteCount))
  let limit = TongzhouClient.Statement.maximumByteCount
  let content = try ProofContent(read(arguments[0], limit: limit), limit: limit)
  if content.format == Receipt.format {
    try check(content.read(as: Receipt.self), chain, policy)
  } else {
    try check(content.read(as: TongzhouClient.Statement.self), chain, policy)
  }
} catch {
  // Errors have stable codes, such as `proof.not_included`; docs/errors.md lists them.
  print("NOT PROVEN  \(error)")
  exit(1)
}
