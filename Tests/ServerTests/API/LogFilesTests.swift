import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Node
import Storage
import TestSupport
import Testing
import TransparencyLog

@testable import Server

@Suite("The files of a log under /log/")
struct LogFilesTests {
  @Test("a client finds the whole log: checkpoint, policies, tiles, bundles, as they lie on the disk")
  func files() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let view = try #require(chain.view)
    let policy = try view.certifiers.policy(origin: view.genesis.origin)
    let files = try chain.log.files()
    try await ServerProbe.with([chain]) { server in
      let checkpoint = try await server.get("/log/aid/checkpoint")
      #expect(checkpoint.headers[.contentType] == "text/plain; charset=utf-8")
      let verified = try policy.verify(UnverifiedCheckpoint(checkpoint.bytes)).checkpoint
      #expect(verified.size == view.head.size && verified.root == view.head.root)
      #expect(try await server.get("/log/aid/policy").bytes == policy.text)

      #expect(files.contains { $0.hasPrefix("tile/entries/") } && files.contains { $0.hasPrefix("tile/0/") })
      for file in files where file != "checkpoint" {
        let answer = try await server.get("/log/aid/\(file)")
        let kept = try chain.log.read(file)
        #expect(answer.status == .ok && answer.bytes == kept, "\(file)")
        #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable", "\(file)")
        let type = file.hasPrefix("tile/") ? "application/octet-stream" : "text/plain; charset=utf-8"
        #expect(answer.headers[.contentType] == type)
      }
      // The entries under the root are those of the bundle: read as any client would.
      var entries: [[UInt8]] = []
      for coordinate in EntryBundleSequence(from: 0, to: view.head.size) {
        let bundle = try await server.get("/log/aid/\(coordinate.path)")
        entries += try EntryBundle(bytes: bundle.bytes, width: coordinate.width).entries
      }
      var frontier = MerkleFrontier()
      for entry in entries { frontier.append(.leaf(entry)) }
      #expect(frontier.root == view.head.root)
    }
  }

  @Test("the proofs of changes of the endorsers are served once there are some, and no cache holds on to them")
  func policyChanges() async throws {
    let fixture = try PageFixture(TestNetwork(), name: "aid")
    let log = LogDirectory("changed", disk: fixture.disk)
    let chain = ShownChain("aid", log: log, index: fixture.index, view: nil)
    try await ServerProbe.with([chain]) { server in
      try await server.refuses("/log/aid/policies", "404 http.not_found")
      try fixture.disk.makeDirectory("changed")
      try fixture.disk.replace("changed/policies", with: Array("{}".utf8))
      let answer = try await server.get("/log/aid/policies")
      #expect(answer.status == .ok && answer.text == "{}")
      #expect(answer.headers[.contentType] == "application/vnd.tongzhou.policies+json")
      #expect(answer.headers[.cacheControl] == "no-cache")
    }
  }

  @Test("only the one spelling of a file's path is a file, and none leads out of the log")
  func tricks() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let width = try #require(chain.view).head.size
    let long = String(repeating: "x000/", count: 2_000)
    let paths = [
      "", "/", "/aid", "/aid/", "/aid/log", "/aid/checkpoint/", "/aid//checkpoint", "//aid/checkpoint",
      "/aid/./checkpoint", "/aid/tile/../checkpoint", "/aid/%63heckpoint", "/aid/checkpoint%00", "/aid/CHECKPOINT",
      "/aid/../aid/checkpoint", "/../log/aid/checkpoint", "/aid/%2e%2e/%2e%2e/etc/passwd", "/aid/../../etc/passwd",
      "/aid/..%2f..%2f..%2fetc%2fpasswd", "/aid/....//....//etc/passwd", "/aid/..\\..\\etc\\passwd",
      "/aid/%c0%ae%c0%ae/etc/passwd", "/aid/%252e%252e/etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
      "/aid/tile", "/aid/tile/", "/aid/tile/0", "/aid/tile/0/", "/aid/tile/0/0", "/aid/tile/0/00", "/aid/tile/0/0000",
      "/aid/tile/00/000", "/aid/tile/+0/000", "/aid/tile/-1/000", "/aid/tile/64/000", "/aid/tile/0/x000/000",
      "/aid/tile/0/000.p", "/aid/tile/0/000.p/", "/aid/tile/0/000.p/0", "/aid/tile/0/000.p/256",
      "/aid/tile/0/000.p/0\(width)", "/aid/tile/0/000.p/%31", "/aid/tile/entries/", "/aid/tile/entries/00",
      "/aid/tile/entries/000.p/\(width)/", "/aid/tile/entries//000.p/\(width)", "/aid/tile/data/000.p/\(width)",
      "/aid/tile/entries/../entries/000.p/\(width)", "/aid/tile/0/\(long)000", "/aid/policy/", "/aid/policy/00",
      "/aid/policy/+0", "/aid/policy/-0", "/aid/policy/0/", "/aid/policy/18446744073709551616", "/aid/policy/x",
      "/aid/node.lock", "/aid/journal", "/aid/keys", "/nowhere/checkpoint", "/AID/checkpoint", "/ai/checkpoint",
      "/aidx/checkpoint", "/aid%2fcheckpoint", "/aid/checkpoint;x", "/aid/tile/0/999", "/aid/tile/entries/999",
      "/aid/tile/0/x999/999", "/aid/policy/999",
    ]
    try await ServerProbe.with([chain]) { server in
      for path in paths {
        let answer = try await server.get("/log" + path)
        #expect(answer.status == .notFound, "\(path.prefix(60))")
        #expect(try answer.code() == "http.not_found", "\(path.prefix(60))")
      }
      // A query changes no file.
      #expect(try await server.get("/log/aid/checkpoint?x=../y").status == .ok)
      #expect(try await server.get("/log/aid/tile/entries/000.p/\(width)").status == .ok)
    }
  }
}
