import Foundation
import Ledger
import Synchronization
import Testing
import TransparencyLog

@testable import TongzhouClient

/// An audit of a log that a server hands out.
@Suite(DemoRun()) struct RemoteAuditTests {
  /// A file server of a log in memory, and which files it was asked for.
  private final class Files: Sendable {
    let content: Mutex<[String: [UInt8]]>
    let asked = Mutex<[String]>([])

    init(_ content: [String: [UInt8]]) { self.content = Mutex(content) }

    /// The demonstration's log: long enough to have full tiles.
    static func demonstration() throws -> Files {
      let source = FilesSource(try DemoRun.path() + "/log/aid")
      var content: [String: [UInt8]] = [:]
      for path in try #require(try source.files()) { content[path] = try source.read(path) }
      return Files(content)
    }

    func serve() async throws -> LocalServer {
      try await LocalServer.answering { path, _ in
        let name = String(path.dropFirst("/log/aid/".count))
        self.asked.withLock { $0.append(name) }
        guard path.hasPrefix("/log/aid/"), let bytes = self.content.withLock({ $0[name] }) else {
          return (404, [:], [])
        }
        return (200, [:], bytes)
      }
    }
  }

  private func audit(
    _ address: String, genesis: Hash?, _ change: (inout RemoteLog.Options) -> Void = { _ in }
  ) async throws -> (entries: UInt64, hits: Int) {
    let client = try NodeClient(address + "/log/aid")
    var options = RemoteLog.Options()
    change(&options)
    do {
      let log = try await client.log(nil, options: options)
      let entries = try await onOwnThread { try Auditor(log, genesis: genesis).run().entries }
      await client.shutdown()
      return (entries, log.cacheHits)
    } catch {
      await client.shutdown()
      throw error
    }
  }

  @Test("it finds what an audit of the files finds, and asks for each file about once")
  func remoteAudit() async throws {
    let fixture = try ProofFixture.shared.get()
    let files = Files(fixture.source.content)
    let server = try await files.serve()
    let found = try await audit(server.address, genesis: fixture.chain) {
      $0.requests = 3
      $0.ahead = 4
    }
    #expect(found.entries == UInt64(fixture.entries.count))
    let asked = files.asked.withLock { $0 }
    for path in Set(asked) where path.hasPrefix("tile/") { #expect(asked.count { $0 == path } == 1, "\(path)") }
    await #expect(throws: AuditFailure(.wrongGenesis, "entry 0", "")) {
      try await self.audit(server.address, genesis: .zero)
    }
    await server.stop()
  }

  @Test("a flipped byte in any file is named by its path")
  func namesTheFile() async throws {
    let fixture = try ProofFixture.shared.get()
    let files = Files(fixture.source.content)
    let server = try await files.serve()
    let honest = fixture.source
    // A server lists no files, so superseded partial ones are not looked at.
    let size = UInt64(fixture.entries.count)
    let bundles = EntryBundleSequence(treeSize: size).map(\.path)
    let tiles = TileSequence(treeSize: size).map(\.path)
    for path in bundles + tiles + ["policy/0"] {
      files.content.withLock { content in
        content = honest.content
        content[path]?[7] ^= 4
      }
      let failure = await #expect(throws: AuditFailure.self, "\(path)") {
        try await self.audit(server.address, genesis: fixture.chain)
      }
      #expect(failure?.place == path, "\(path): \(failure.map { "\($0)" } ?? "")")
    }
    await server.stop()
  }

  @Test("an audit that was cut off goes on from its cache, and a damaged cache harms nobody")
  func resumes() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let files = try Files.demonstration()
    let whole = files.content.withLock { $0 }
    let size = try UnverifiedCheckpoint(try #require(whole["checkpoint"])).checkpoint.size
    // The last bundle is missing: the audit stops there.
    let last = try #require(EntryBundleSequence(treeSize: size).map(\.path).last)
    files.content.withLock { $0[last] = nil }
    let server = try await files.serve()
    let cut = await #expect(throws: AuditFailure.self) {
      try await self.audit(server.address, genesis: nil) { $0.cache = folder.file("cache") }
    }
    #expect(cut?.code == .missingFile && cut?.place == last)
    files.content.withLock { $0 = whole }
    files.asked.withLock { $0 = [] }
    let found = try await audit(server.address, genesis: nil) { $0.cache = folder.file("cache") }
    #expect(found.entries == size && found.hits > 0)
    let asked = Set(files.asked.withLock { $0 })
    let kept = try folder.content().keys.map { String($0.dropFirst("cache/".count)) }
    #expect(
      !kept.isEmpty && kept.allSatisfy { !asked.contains($0) && !$0.hasSuffix("checkpoint") && !$0.contains(".p/") })

    // A file cut short by a power cut is fetched anew; one with a wrong byte is found wrong, and fetched when told.
    let path = try #require(kept.first { $0.hasPrefix("tile/0/") })
    try Data().write(to: folder.url("cache/" + path))
    _ = try await audit(server.address, genesis: nil) { $0.cache = folder.file("cache") }
    var bytes = try Data(contentsOf: folder.url("cache/" + path))
    #expect(!bytes.isEmpty)
    bytes[9] ^= 1
    try bytes.write(to: folder.url("cache/" + path))
    let wrong = await #expect(throws: AuditFailure.self) {
      try await self.audit(server.address, genesis: nil) { $0.cache = folder.file("cache") }
    }
    #expect(wrong?.place == path)
    _ = try await audit(server.address, genesis: nil) {
      $0.cache = folder.file("cache")
      $0.ignoresCache = true
    }
    await server.stop()
  }

  @Test("a log that has grown since its checkpoint is read as of the checkpoint")
  func grownLog() async throws {
    let fixture = try ProofFixture.shared.get()
    let files = Files(fixture.source.content)
    // Partial files have given way to wider ones, as far as the places are full now.
    let size = UInt64(fixture.entries.count)
    let filler = (0..<512).map { [UInt8(2), UInt8($0 & 255)] }
    let grown = try MemorySource(entries: fixture.entries + filler, checkpoint: [], policy: [])
    let missing = EntryBundleSequence(treeSize: size).map(\.path).filter { grown.content[$0] == nil }
    try #require(!missing.isEmpty, "the history ends within a bundle")
    files.content.withLock { content in
      let checkpoint = content["checkpoint"]
      let policy = content["policy/0"]
      content = grown.content
      content["checkpoint"] = checkpoint
      content["policy/0"] = policy
      for tile in TileSequence(treeSize: size) where tile.level > 0 {
        content[tile.path] = fixture.source.content[tile.path]
      }
    }
    let server = try await files.serve()
    #expect(try await audit(server.address, genesis: fixture.chain).entries == size)
    await server.stop()
  }
}
