import Consortium
import Ledger
import Logging
import MutualAid
import Storage
import Synchronization
import TestSupport
import Testing
import TransparencyLog

@testable import Node

@Suite("Organisations take their part in draws by themselves")
struct DiceRollerTests {
  /// A chain in memory that makes a block of whatever is handed in.
  private final class ObedientChain: ServedChain {
    let name = "aid"
    let log: LogDirectory
    let index: SearchIndex
    let chain: Mutex<TestChain>
    private let blocks = Atomic(0)

    init(_ chain: TestChain) throws {
      self.chain = Mutex(chain)
      log = LogDirectory("/none", disk: MemoryDisk(seed: 1))
      index = try SearchIndex.inMemory(chain: chain.network.genesis.chain)
    }

    var state: MutualAid { chain.withLock { $0.state } }
    var made: Int { blocks.load(ordering: .relaxed) }
    var view: PublishedView? { chain.withLock { PublishedView($0.chain, checkpoint: []) } }

    func submit(_ entries: [[UInt8]]) async throws -> Placement {
      blocks.add(1, ordering: .relaxed)
      return try chain.withLock { chain in
        let block = try chain.block(entries)
        return Placement(index: 0, height: block.seal.height, code: block.codes[0][0], rows: [])
      }
    }

    func updates() -> AsyncStream<UInt64> { AsyncStream { $0.finish() } }
  }

  /// A chain with an open draw for which several organisations owe their part.
  private static func open(seed: UInt64) throws -> ObedientChain {
    var history = try RandomHistory(seed: seed)
    for _ in 0..<4000 {
      _ = try history.block()
      if owing(history.chain.state).count > 1 { return try ObedientChain(history.chain) }
    }
    throw LedgerError(.noOpenDraw, "no draw opened")
  }

  private static func owing(_ state: MutualAid) -> [UInt16] {
    (0..<UInt16(state.dice.count)).filter { state.owesReveal($0) }
  }

  private static func roller(
    _ chain: ObedientChain, dice: @escaping @Sendable (UInt32) -> DiceSecret?
  ) -> DiceRoller {
    let organisations = chain.chain.withLock { $0.network.organisations }
    return DiceRoller(
      chain, clock: { chain.chain.withLock { $0.nextTime } }, pause: .zero,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) { name in
      guard let place = organisations.firstIndex(where: { $0.name == name }), let dice = dice(UInt32(place)) else {
        return nil
      }
      return DiceRoller.Part(officer: organisations[place].officer, dice: dice)
    }
  }

  @Test("All secrets at hand: everybody reveals, and the draw is closed", arguments: 1...3 as ClosedRange<UInt64>)
  func all(seed: UInt64) async throws {
    let chain = try Self.open(seed: seed)
    let (draw, owing) = (try #require(chain.state.openDraw), Self.owing(chain.state))
    await Self.roller(chain) { RandomHistory.dice(of: $0) }.revealAll()
    #expect(chain.made == owing.count)
    let state = chain.state
    let revealed = (0..<state.reveals.count).map { state.reveals[$0] }.filter { $0.draw == draw }.map(\.organisation)
    #expect(Set(owing).isSubset(of: revealed))
    #expect(chain.state.draws[Int(draw)].isClosed)
  }

  @Test("Secrets of one organisation: it reveals once, the others are waited for")
  func one() async throws {
    let chain = try Self.open(seed: 1)
    let owing = Self.owing(chain.state)
    let own = try #require(owing.first)
    let roller = Self.roller(chain) { $0 == UInt32(own) ? RandomHistory.dice(of: $0) : nil }
    await roller.revealAll()
    await roller.revealAll()
    #expect(chain.made == 1)
    #expect(Self.owing(chain.state) == Array(owing.dropFirst()))
  }

  @Test("A secret that is not of the chain that was committed reveals nothing")
  func foreign() async throws {
    let chain = try Self.open(seed: 1)
    await Self.roller(chain) { DiceSecret(.label("another", UInt64($0))) }.revealAll()
    #expect(chain.made == 0)
  }

  @Test("Each chain of a secret is found by what stands on the chain, until it is used up")
  func series() throws {
    let secret = DiceSecret(.label("dice", 7), length: 3)
    var tips: Set<Hash> = []
    for series in [1, 2, DiceSecret.maximumSeries] {
      let dice = secret.chain(series: series)
      tips.insert(dice.tip)
      #expect(dice.preimage(after: 0).map { MutualAid.diceTip(of: $0) } == dice.tip)
      #expect(dice.preimage(after: 3) == nil)
    }
    #expect(tips.count == 3)
  }
}
