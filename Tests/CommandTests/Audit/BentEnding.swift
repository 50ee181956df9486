import Consortium
import Contracts
import MutualAid
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

/// An honest history with one more block, which all organisations make together and bend in one thing.
///
/// Everything else is right: whoever bends the header signs it anew, the seal follows the header, and the
/// checkpoint stands under a quorum.
struct BentEnding {
  private let fixture: ProofFixture
  /// The chain before the last block.
  private let chain: Chain<ChainState>
  private let time: Timestamp

  /// What the header says, and who signs it.
  var header: (inout Header) throws -> Void = { _ in }
  var signer = 0
  /// What the seal says after execution.
  var seal: (inout Seal) -> Void = { _ in }
  /// The block's entries: header, seal.
  var block: (inout [[UInt8]]) -> Void = { _ in }
  /// The text of the checkpoint.
  var text: (inout [UInt8]) -> Void = { _ in }
  /// Its lines: four log signatures by ascending key, three cosignatures by ascending key.
  var lines: (inout [NoteSignature]) throws -> Void = { _ in }

  init(_ fixture: ProofFixture) throws {
    self.fixture = fixture
    var chain = try Chain<ChainState>(genesis: fixture.genesis)
    var open: [[UInt8]] = []
    for entry in fixture.entries.dropFirst() {
      open.append(entry)
      guard entry.first == EntryKind.seal.rawValue else { continue }
      let batch = try Batch(signedHeader: Array(open[0].dropFirst()), entries: Array(open.dropFirst().dropLast()))
      let certificate = try chain.validate(batch, at: batch.header.sequence)
      chain.commit(try chain.execute(PreparedBatch(batch, chain: chain.id), certificate: certificate))
      open = []
    }
    self.chain = chain
    time = chain.time.adding(seconds: 60)
  }

  var genesis: Genesis { fixture.genesis }
  var head: LogHead { chain.head }

  /// Cosignatures on the checkpoint before the last block, sorted by key.
  func cosignatures(
    by members: [Int], on head: LogHead? = nil, at times: [UInt64] = [0, 0, 0, 0]
  ) throws -> [EndorserCosignature] {
    let text = (head ?? chain.head).text(origin: genesis.origin)
    return try members.map { member in
      try EndorserCosignature(
        text: text, time: time.adding(seconds: times[member]), key: fixture.keys[member].cosign)
    }.sorted { $0.key < $1.key }
  }

  /// A cosignature on the last checkpoint, as a line.
  func line(by member: Int, over text: [UInt8], at time: UInt64? = nil) throws -> NoteSignature {
    let name = chain.certifiers.members[member].cosignerName
    return try NoteCosigner(name: NoteName(name), seed: fixture.keys[member].cosign.seed)
      .cosign(text: text, timestamp: time ?? self.time.seconds)
  }

  /// The log's files.
  func files() throws -> MemorySource {
    let honest = try cosignatures(by: [0, 1, 2])
    var draft = Header(
      chain: chain.id, epoch: 0, sequence: chain.sequence + 1, previous: chain.previous, certificate: honest,
      proposer: 0)
    try header(&draft)
    let batch = try Batch(draft, entries: [], signedBy: fixture.keys[signer].vote)
    let certificate = Certificate(choosing: honest, quorum: 3)
    var seal = try chain.execute(PreparedBatch(batch, chain: chain.id), certificate: certificate).seal
    self.seal(&seal)
    var block = [Entry.make(.header, batch.signedHeader), seal.entry]
    self.block(&block)
    return try files(of: fixture.entries + block)
  }

  /// The files of a log of these entries, under a checkpoint of all organisations.
  func files(of entries: [[UInt8]]) throws -> MemorySource {
    let root = MerkleTree.treeRoot(of: entries.map { Hash.leaf($0) })
    var text = LogHead(size: UInt64(entries.count), root: root).text(origin: genesis.origin)
    self.text(&text)
    let origin = try NoteName(String(decoding: text.prefix { $0 != 10 }, as: UTF8.self))
    let logs = fixture.keys.map(\.log).sorted { $0.publicKey < $1.publicKey }
    var lines = try logs.map { try NoteSigner(name: origin, seed: $0.seed).sign(text: text) }
    let cosigners = [0, 1, 2].sorted { fixture.keys[$0].cosign.publicKey < fixture.keys[$1].cosign.publicKey }
    lines += try cosigners.map { try line(by: $0, over: text) }
    try self.lines(&lines)
    return try MemorySource(
      entries: entries, checkpoint: SignedNote(text: text, signatures: lines).bytes, policy: fixture.policy.text)
  }
}
