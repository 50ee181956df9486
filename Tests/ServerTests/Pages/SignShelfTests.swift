import HeartChain
import Hummingbird
import HummingbirdTesting
import Ledger
import Node
import Synchronization
import TestSupport
import Testing
import TransparencyLog

@testable import Server

@Suite("Signs are worked out once for a block")
struct SignShelfTests {
  /// Counts how often signs are worked out, and can hold it up.
  private final class Work: Sendable {
    private struct Told {
      var heights: [UInt64] = []
      var running = 0
      var most = 0
    }

    private let told = Mutex(Told())
    private let isOpen: Mutex<Bool>

    init(isOpen: Bool = true) { self.isOpen = Mutex(isOpen) }

    /// The blocks for which it was done, in order.
    var heights: [UInt64] { told.withLock { $0.heights } }
    /// The most at one time.
    var most: Int { told.withLock { $0.most } }

    func open() { isOpen.withLock { $0 = true } }

    func find(_ view: PublishedView) async -> FoundSigns {
      told.withLock { told in
        told.heights.append(view.height)
        told.running += 1
        told.most = max(told.most, told.running)
      }
      while !isOpen.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(2)) }
      told.withLock { $0.running -= 1 }
      return FoundSigns(view)
    }

    func shelf() -> SignShelf { SignShelf { await self.find($0) } }
  }

  private static let addresses = [
    "/hearts/signs", "/hearts/signs?before=4", "/hearts/signs.atom", "/hearts/projects/0", "/hearts/charities",
    "/v1/hearts/signs", "/v1/hearts/signs?limit=2",
  ]

  /// What pages and the interface answer, made with one shelf.
  private func statuses(of chain: ShownChain, _ shelf: SignShelf) async throws -> [Int] {
    let router = Router(context: ServerContext.self)
    API(
      chains: [chain], limit: RateLimit("submit", quota: 1, windowSeconds: 60) { 0 }, patience: .seconds(30),
      eventReaders: Seats(1), eventBeat: .seconds(15), proofs: ProofShelf([chain]), signs: shelf
    ).addRoutes(to: router)
    try Pages(chains: [chain], signs: shelf).addRoutes(to: router)
    let app = Application(responder: router.buildResponder())
    return try await app.test(.router) { client in
      var found: [Int] = []
      for address in SignShelfTests.addresses {
        found.append(try await client.execute(uri: address, method: .get) { $0.status.code })
      }
      return found
    }
  }

  @Test("pages, feed and interface share them, and a new block makes them anew")
  func shared() async throws {
    var village = try HeartVillage.full()
    let chain = try village.show()
    let work = Work()
    let shelf = work.shelf()
    let all = SignShelfTests.addresses.map { _ in 200 }
    let first = try await statuses(of: chain, shelf)
    #expect(first == all)
    let height = village.chain.chain.height
    #expect(work.heights == [height])
    let before = await shelf.signs(of: chain)
    #expect(before?.view.height == height && before?.signs.all.count == 9)

    try village.tell(.food, [village.event(.handedOver, lot: 0, 2801) { $0.party = .label("kitchen", 3) }])
    chain.publish(try village.show().view)
    let second = try await statuses(of: chain, shelf)
    #expect(second == all)
    #expect(work.heights == [height, height + 1])
    let after = await shelf.signs(of: chain)
    #expect(after?.view.height == height + 1)
    let keys = (after?.signs.all ?? []).map { FoundSign.key(of: $0) }
    #expect(keys == FoundSign.all(in: village.hearts, at: village.chain.chain.time).map { FoundSign.key(of: $0) })
    #expect(keys != (before?.signs.all ?? []).map { FoundSign.key(of: $0) })
  }

  @Test("who asks meanwhile waits for the one that runs, and blocks that pass leave one more to do")
  func atOneTime() async throws {
    var village = try HeartVillage()
    let chain = try village.show()
    let work = Work(isOpen: false)
    let shelf = work.shelf()
    let height = village.chain.chain.height
    func asked() -> Task<UInt64?, Never> { Task { await shelf.signs(of: chain)?.view.height } }
    var first = [asked()]
    while work.heights.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    first += (0..<8).map { _ in asked() }
    var later: [Task<UInt64?, Never>] = []
    for _ in 0..<3 {
      try village.block()
      chain.publish(try village.show().view)
      later += (0..<8).map { _ in asked() }
    }
    work.open()
    var heights: [UInt64] = []
    for task in first + later {
      let found = await task.value
      heights.append(try #require(found))
    }
    #expect(heights[0] == height)
    // A task may have begun after the blocks; none gets signs older than its question.
    #expect(heights.dropFirst().prefix(8).allSatisfy { $0 == height || $0 == height + 3 })
    #expect(heights.dropFirst(9).allSatisfy { $0 == height + 3 })
    #expect(work.heights == [height, height + 3] && work.most == 1)
  }

  @Test("a chain without a block has none")
  func notReady() async throws {
    var village = try HeartVillage()
    let chain = try village.show()
    chain.publish(nil)
    let found = await SignShelf().signs(of: chain)
    #expect(found == nil)
  }

  @Test("those of a project are the project's, in the same order")
  func projects() throws {
    let village = try HeartVillage.full()
    let signs = FoundSigns(FoundSign.all(in: village.hearts, at: village.chain.chain.time))
    for project in 0..<UInt32(4) {
      let expected = signs.all.filter { SignFacts($0.sign).project == project }.map { FoundSign.key(of: $0) }
      #expect(signs.of(project: project).map { FoundSign.key(of: $0) } == expected)
      #expect(expected.isEmpty == (project == 3))
    }
    #expect(signs.silent == [2])
  }
}
