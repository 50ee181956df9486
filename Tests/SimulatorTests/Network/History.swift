import Ledger
import TransparencyLog

/// A rule that a run broke.
struct Broken: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// What the organisations of a run published, held against every rule by a chain of its own.
struct History {
  typealias Block = CertifiedBlock<CounterChain>

  let genesis: Genesis
  /// For each organisation its blocks in the order of publication.
  let journals: [[Block]]

  private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    guard condition else { throw Broken(message()) }
  }

  /// Checks everything and gives back the chain as replayed from the entries of the longest journal.
  ///
  /// - Parameter isThorough: also writes every checkpoint and verifies it as a reader would.
  func check(isThorough: Bool) throws -> Chain<CounterChain> {
    var chain = try Chain<CounterChain>(genesis: genesis)
    let longest = journals.max { $0.count < $1.count } ?? []
    try checkOrder(against: longest)
    var names: Set<TransactionID> = []
    for (index, block) in longest.enumerated() {
      let place = "height \(index + 1)"
      let executed = try replay(block, on: chain, place)
      try checkTime(block, after: chain.time, certificates: executed.batch.header.certificate, place)
      for (entry, codes) in zip(executed.batch.entries, executed.codes) where codes != [.replayed] {
        let transaction = try VerifiedTransaction.verify(entry: entry, chain: genesis.chain)
        try require(names.insert(transaction.name).inserted, "\(place): a transaction stands in the log twice")
      }
      try checkCertificates(height: index, before: chain, isThorough: isThorough)
      chain.commit(executed)
    }
    return chain
  }

  /// All published the same, in the same order, as far as each came.
  private func checkOrder(against longest: [Block]) throws {
    for (organisation, journal) in journals.enumerated() {
      for (index, block) in journal.enumerated() {
        let place = "organisation \(organisation), height \(index + 1)"
        try require(block.block.seal.height == UInt64(index + 1), "\(place): published out of turn or twice")
        try require(
          block.block.batch.hash == longest[index].block.batch.hash && block.block.head == longest[index].block.head,
          "\(place): another block than the others published")
      }
    }
    let sequences = longest.map(\.block.batch.header.sequence)
    for (earlier, later) in zip(sequences, sequences.dropFirst()) {
      try require(earlier < later, "sequence \(later) after \(earlier)")
    }
  }

  /// Executes the entries as they stand in the log, without anything the organisations computed.
  private func replay(_ block: Block, on chain: Chain<CounterChain>, _ place: String) throws
    -> ExecutedBlock<CounterChain>
  {
    let entries = block.block.entries
    try require(
      entries.first?.first == EntryKind.header.rawValue && entries.last?.first == EntryKind.seal.rawValue,
      "\(place): not header, entries, seal")
    let batch = try Batch(
      signedHeader: Array(entries[0].dropFirst()), entries: Array(entries.dropFirst().dropLast()))
    // At most one batch is in flight: each names the one before it and brings a full certificate on it.
    try require(batch.header.previous == chain.previous, "\(place): follows another batch")
    let needed = chain.height == 0 ? 0 : chain.certifiers.quorum
    try require(batch.header.certificate.count == needed, "\(place): no certificate on the block before")
    let certificate = try chain.validate(batch, at: batch.header.sequence)
    let executed = try chain.execute(PreparedBatch(batch, chain: genesis.chain), certificate: certificate)
    try require(executed.seal.entry == entries[entries.count - 1], "\(place): another seal than in the log")
    try require(executed.head == block.block.head, "\(place): another root than was certified")
    return executed
  }

  private func checkTime(
    _ block: Block, after previous: Timestamp, certificates: [EndorserCosignature], _ place: String
  ) throws {
    let time = block.block.seal.time
    let stated = certificates.map(\.time).sorted()
    try require(time >= previous, "\(place): block time goes back")
    try require(time <= max(previous, stated.last ?? previous), "\(place): block time above all cosignatures")
    // With three times the second, with four the second, with five the third.
    let median = stated.isEmpty ? previous : stated[(stated.count + 1) / 2 - 1]
    try require(time == max(previous, median), "\(place): block time is not the lower median")
  }

  /// Every certificate anybody published is valid; organisations may choose different members.
  private func checkCertificates(height index: Int, before chain: Chain<CounterChain>, isThorough: Bool) throws {
    let endorsers = chain.app.endorsers
    let published = journals.compactMap { index < $0.count ? $0[index] : nil }
    var seen: Set<Certificate> = []
    for block in published {
      if seen.insert(block.certificate).inserted {
        _ = try Certificate(
          validating: block.certificate.cosignatures, head: block.block.head, origin: genesis.origin,
          endorsers: endorsers)
      }
      let logKeys = block.logSignatures.map(\.key)
      try require(!logKeys.isEmpty && Set(logKeys).count == logKeys.count, "no log signature, or two by one key")
      guard isThorough else { continue }
      let text = try block.checkpoint(origin: genesis.origin, endorsers: endorsers)
      let verified = try endorsers.policy(origin: genesis.origin).verify(UnverifiedCheckpoint(text))
      try require(
        verified.checkpoint.size == block.block.head.size && verified.checkpoint.root == block.block.head.root,
        "the checkpoint is of another head")
    }
  }
}
