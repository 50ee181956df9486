import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import MutualAid
import Storage
import Synchronization
import TestSupport
import TransparencyLog

@testable import Node
@testable import Server

/// A chain to show: what a node serves, without a node.
final class ShownChain: ServedChain {
  let name: String
  let log: LogDirectory
  let index: SearchIndex
  private let shown = Mutex<PublishedView?>(nil)

  init(_ name: String, log: LogDirectory, index: SearchIndex, view: PublishedView?) {
    self.name = name
    self.log = log
    self.index = index
    shown.withLock { $0 = view }
  }

  var view: PublishedView? { shown.withLock { $0 } }

  /// Another block is published.
  func publish(_ view: PublishedView?) { shown.withLock { $0 = view } }

  func submit(_ entries: [[UInt8]]) async throws -> Placement { throw NodeError(.readOnly, "shown only") }

  func updates() -> AsyncStream<UInt64> { AsyncStream { $0.finish() } }
}

/// Gathers a test chain's blocks into log files and a search index, and shows them.
struct PageFixture {
  let name: String
  let disk = MemoryDisk(seed: 1)
  let index: SearchIndex
  private var writer: LogWriter
  private var genesis: Genesis
  private var hasPolicy = false

  init(_ network: TestNetwork, name: String = "aid") throws {
    self.name = name
    genesis = network.genesis
    index = try SearchIndex.inMemory(chain: genesis.chain)
    writer = try LogWriter(creating: name, disk: disk, synced: false)
    try writer.append([Entry.make(.genesis, genesis.bytes)])
  }

  /// Adds a block.
  ///
  /// - Parameter isIndexed: whether the search index gets to know it.
  mutating func add(_ block: ExecutedBlock<ChainState>, isIndexed: Bool = true) throws {
    try writer.append(block.entries)
    if isIndexed { try index.feed([IndexedBlock(block)]) }
  }

  /// The chain as it stands, its checkpoint signed by a quorum.
  mutating func show(_ chain: TestChain) throws -> ShownChain {
    if !hasPolicy {
      let policy = try chain.chain.certifiers.policy(origin: genesis.origin)
      try writer.write(policy: policy.text, height: 0)
      hasPolicy = true
    }
    let checkpoint = try PageFixture.checkpoint(chain)
    try writer.publish(checkpoint: checkpoint)
    return ShownChain(
      name, log: LogDirectory(name, disk: disk), index: index, view: PublishedView(chain.chain, checkpoint: checkpoint))
  }

  /// The last checkpoint as a node makes it: signed by a log key, cosigned by a quorum.
  private static func checkpoint(_ chain: TestChain) throws -> [UInt8] {
    let origin = chain.chain.genesis.origin
    let text = chain.chain.head.text(origin: origin)
    let log = try LogSignature(text: text, key: chain.network.organisations[0].endorsing?.log ?? SigningKey(label: "-"))
    let logKey = try VerifierKey(name: NoteName(origin), type: .ed25519, publicKey: log.key.bytes)
    let logLine = try NoteSignature(name: logKey.name, keyID: logKey.id, signature: log.signature)
    let lines = try chain.certificate().map { cosignature in
      let member = chain.chain.certifiers.members.first { $0.keys.cosign == cosignature.key }
      guard let key = try member?.cosignerKey() else { throw NodeError(.readOnly, "nobody's signature") }
      let time = (0..<8).map { UInt8(truncatingIfNeeded: cosignature.time.seconds >> (56 - 8 * UInt64($0))) }
      return try NoteSignature(name: key.name, keyID: key.id, signature: time + cosignature.signature)
    }
    return try SignedNote(text: text, signatures: [logLine] + lines).bytes
  }
}

/// What a request brought back.
struct Answer: Sendable {
  let status: HTTPResponse.Status
  let headers: HTTPFields
  let body: String
}

extension ShownChain {
  /// Asks for pages one after the other.
  func get(_ addresses: [String], headers: HTTPFields = [:]) async throws -> [Answer] {
    try await Pages.get(addresses, of: [self], headers: headers)
  }

  /// Asks for one page.
  func get(_ address: String, headers: HTTPFields = [:]) async throws -> Answer {
    try await get([address], headers: headers)[0]
  }
}

extension Pages {
  static func get(_ addresses: [String], of chains: [any ServedChain], headers: HTTPFields = [:]) async throws
    -> [Answer]
  {
    let router = Router()
    let pages = try Pages(chains: chains)
    router.add(middleware: pages.errors(BasicRequestContext.self))
    pages.addRoutes(to: router)
    let app = Application(responder: router.buildResponder())
    return try await app.test(.router) { client in
      var answers: [Answer] = []
      for address in addresses {
        answers.append(
          try await client.execute(uri: address, method: .get, headers: headers) { response in
            Answer(status: response.status, headers: response.headers, body: String(buffer: response.body))
          })
      }
      return answers
    }
  }
}
