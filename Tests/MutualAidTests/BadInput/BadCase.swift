import Contracts
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// A transaction that a block has to refuse: what leads up to it, its entries, and the code.
///
/// With the code `success` it is a near miss: just on the right side of a limit, and taken.
struct BadCase: Sendable, CustomTestStringConvertible {
  /// What is wrong.
  let testDescription: String
  /// What the block's results say.
  let code: ErrorCode
  private let make: @Sendable (inout Village) throws -> [[UInt8]]

  /// A case whose closure may lead the village on, and gives the entries of the bad transaction.
  init(_ what: String, _ code: ErrorCode, _ make: @escaping @Sendable (inout Village) throws -> [[UInt8]]) {
    testDescription = what
    self.code = code
    self.make = make
  }

  /// Executes it in a copy of the village.
  func check() throws {
    var village = try Village.fresh()
    let entries = try make(&village)
    if code == .success {
      let before = try village.idle()
      let block = try village.chain.block(entries)
      #expect(block.codes.allSatisfy { $0.allSatisfy { $0 == .success } }, "\(block.names)")
      #expect(block.seal.state != before.seal.state, "what is taken changes the state")
      try block.app.mutualAid.recount()
    } else {
      try expectRefused(entries, on: village.chain, code: code)
    }
  }
}

/// Expects that a bad transaction and its rows get this code and change nothing.
///
/// - Parameter good: entries before it in the same block, which stay without it.
func expectRefused(
  _ entries: [[UInt8]], on chain: TestChain, code: ErrorCode, after good: [[UInt8]] = [],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let codes = entries.map { entry in
    let isTransaction = entry[0] == EntryKind.transaction.rawValue
    let rows = isTransaction ? 1 : max(1, RowEntries.unpack(entry)?.count ?? 1)
    return [ErrorCode](repeating: code, count: rows)
  }
  try expectCodes(codes, of: entries, on: chain, after: good, sourceLocation: sourceLocation)
}

/// Executes entries that are all bad on one copy of a chain, and the block without them on another at the
/// same time.
///
/// The codes have to stand in the results in the entries' places, and the state has to be what it is
/// without them: in this block, and in a block weeks later, when everything that a refused transaction could
/// have left behind beside the tables would have come due.
func expectCodes(
  _ codes: [[ErrorCode]], of entries: [[UInt8]], on chain: TestChain, after good: [[UInt8]] = [],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var refusing = chain
  var other = chain
  let block = try refusing.block(good + entries)
  let control = try other.block(good)
  #expect(block.codes == control.codes + codes, "\(block.names)", sourceLocation: sourceLocation)

  var results = MerkleFrontier()
  for codes in control.codes + codes {
    results.append(.leaf(codes.flatMap { [UInt8($0.number >> 8), UInt8($0.number & 255)] }))
  }
  let failed = UInt32(entries.count { $0[0] == EntryKind.transaction.rawValue })
  #expect(block.seal.results == results.root, sourceLocation: sourceLocation)
  #expect(block.seal.failed == control.seal.failed + failed, sourceLocation: sourceLocation)
  #expect(block.seal.transactions == control.seal.transactions + failed, sourceLocation: sourceLocation)
  #expect(block.seal.time == control.seal.time, sourceLocation: sourceLocation)
  #expect(
    block.seal.state == control.seal.state, "a refused transaction changes nothing", sourceLocation: sourceLocation)
  try block.app.mutualAid.recount()

  refusing.advance(days: 45)
  other.advance(days: 45)
  let (later, controlLater) = (try refusing.block(), try other.block())
  #expect(later.seal.state == controlLater.seal.state, "nor later", sourceLocation: sourceLocation)
}

extension ExecutedBlock {
  /// The names of the codes, for messages.
  var names: [[String]] { codes.map { $0.map(\.name) } }
}
