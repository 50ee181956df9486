import Contracts
import HeartChain
import TestSupport

@testable import Ledger
@testable import TongzhouClient
@testable import TransparencyLog

/// A chain of hearts, its signed log, and who may act on it.
struct FuzzGiving: Sendable {
  let giving: TestGiving
  let policy: Policy
  let checkpoint: UnverifiedCheckpoint
  /// Officers of all organisations, the givers, the partner, and the key of a claim code.
  let senders: [SigningKey]
  /// The state root.
  let root: Hash

  /// The chain's id.
  var id: Hash { giving.network.genesis.chain }

  private static let made = Result { try FuzzGiving() }

  /// The one chain that all targets begin with.
  static func shared() throws -> FuzzGiving { try made.get() }

  private init() throws {
    giving = try TestGiving()
    let genesis = giving.network.genesis
    policy = try giving.chain.chain.certifiers.policy(origin: genesis.origin)
    let endorsing = giving.network.organisations.compactMap { organisation in
      organisation.endorsing.map { (organisation.name, $0) }
    }
    let origin = try NoteName(genesis.origin)
    let signed = try UnverifiedCheckpoint(
      signing: Checkpoint(text: giving.chain.chain.head.text(origin: genesis.origin)),
      by: endorsing.prefix(1).map { try NoteSigner(name: origin, seed: $0.1.log.seed) })
    let time = giving.chain.chain.time.seconds
    checkpoint = try signed.adding(
      endorsing.map {
        try signed.cosignature(by: NoteCosigner(name: NoteName($0.0 + "/executor"), seed: $0.1.cosign.seed), at: time)
      })
    senders =
      giving.network.organisations.map(\.officer) + (try (1...4).map { try TestGiving.giver($0) })
      + [try SigningKey(label: "partner"), try SigningKey(label: "code")]
    var app = giving.app
    root = app.stateRoot()
  }

  /// The proof of the last seal.
  func seal() throws -> SealProof { try SealProof(last: self) }

  /// The file of a lot's way.
  func way(_ lot: TestGiving.Lot) throws -> ProvenWay {
    try ProvenWay(
      giving.way(of: lot),
      reversal: giving.reversals[lot].map { ProvenWay.Reversal(reason: $0.reason, time: $0.time) }, state: giving.app,
      chain: id, seal: seal())
  }

  /// Each action by who may send it, so that it succeeds; with its place among ``senders``, the place of who signs too,
  /// and its rows.
  func good() throws -> [(action: Action, sender: Int, other: Int, rows: [[UInt8]])] {
    let time = giving.chain.nextTime
    let (platform, food, audit, giver, partner, code) = (0, 2, 5, 6, 10, 11)
    var gift = TraceEvent(.donated, unit: .gram, time: time)
    (gift.gift, gift.quantity, gift.reason) = (TestKind.rice.rawValue, 7, GiftBinding.claim.rawValue)
    gift.party = senders[code].publicKey.address.key
    let next = giving.hearts.books[food].next
    return try [
      (
        Hearts.openProject(from: time, to: time.adding(days: 3), place: 1, description: .label("new project", 1)), food,
        food, []
      ),
      (Hearts.disclose(project: 0, report: .label("report", 1)), food, food, []),
      (Hearts.trace(first: next), food, food, [gift.row]),
      (Hearts.redeem(gift: giving.waiting), giver, code, []),
      (Hearts.spend(hearts: 3, at: 0, purpose: 1, receipt: .label("shop", 1)), giver, partner, []),
      (Hearts.give(hearts: 3, to: 0), giver, giver, []),
      (Hearts.reverse(gift: 0, reason: .label("wrong", 1)), food, food, []),
      (
        Hearts.registerPartner(account: senders[code].publicKey.address, description: .label("shop", 2)), platform,
        platform, []
      ),
      (Hearts.closePartner(0), platform, platform, []),
      (Hearts.openChannel(partner: 0, threshold: 300, description: .label("channel", 2)), partner, partner, []),
      (Hearts.closeChannel(0), partner, partner, []),
      (Hearts.consent(partner: 0, until: time.adding(days: 9)), giver, giver, []),
      (Hearts.withdrawConsent(UInt32(giving.hearts.consents.count - 1)), giver, giver, []),
      (Hearts.relate(1, 2, evidence: .label("board", 2)), audit, audit, []),
    ]
  }
}

extension FuzzGiving: LogSource {
  func read(_ path: String) throws -> [UInt8]? {
    if path == "checkpoint" { return checkpoint.bytes }
    if let place = try? EntryBundleCoordinate(path: path) {
      return try EntryBundle(place.entries.map { giving.entries[Int($0)] }).bytes
    }
    var tiles = TileBuilder()
    let placed = tiles.append(contentsOf: giving.entries.map { Hash.leaf($0) }) + tiles.partialTiles
    return placed.first { $0.coordinate.path == path }?.bytes
  }

  func files() throws -> [String]? { nil }
}
