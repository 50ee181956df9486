import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import Node
import Storage
import TestSupport
import Testing
import TransparencyLog

@testable import Server

@Suite("A node as a witness, over HTTP")
struct WitnessRoutesTests {
  private let log: WitnessedLog
  private let disk = MemoryDisk(seed: 1)

  init() throws { log = try WitnessedLog() }

  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func with(
    options: ServerApplication.Options = .init(), _ body: @Sendable (ServerProbe) async throws -> Void
  ) async throws {
    var village = try Village()
    let witness = try NodeWitness(
      of: [Policy.Log(key: log.signer.verifierKey)], as: log.cosigner, in: "/data/witness", disk: disk,
      clock: { 1_800_000_000 }, logger: Self.quiet)
    try await ServerProbe.with(
      [try village.show()], options: options, witnessing: Witnessing(witness: witness), body)
  }

  private func add(_ server: ServerProbe, _ body: [UInt8]) async throws -> ServerProbe.Answer {
    try await server.ask(.post, "/witness/add-checkpoint", body: body)
  }

  /// A refusal: a line of plain text and no problem document.
  private func expectText(
    _ answer: ServerProbe.Answer, _ status: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(answer.status.code == status, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(answer.headers[.contentType] == "text/plain; charset=utf-8", sourceLocation: sourceLocation)
    #expect(answer.text.hasSuffix("\n") && answer.text.count > 10, sourceLocation: sourceLocation)
  }

  @Test("every status of the specification")
  func statuses() async throws {
    let log = log
    let fork = try WitnessedLog(salt: "fork")
    let stranger = try NoteSigner(name: NoteName("example.com/other"), seed: [UInt8](repeating: 3, count: 32))
    let foreign = try UnverifiedCheckpoint(
      signing: Checkpoint(origin: Array("example.com/other".utf8), size: 1, root: .zero), by: [stranger])
    let thief = try NoteSigner(name: NoteName(WitnessedLog.origin), seed: [UInt8](repeating: 3, count: 32))
    let stolen = try UnverifiedCheckpoint(signing: log.checkpoint(9).checkpoint, by: [thief])
    try await with { server in
      let first = try await add(server, log.request(0, 7).bytes)
      #expect(first.status == .ok && first.headers[.contentType] == "text/plain; charset=utf-8")
      #expect(first.headers[.cacheControl] == "no-store")
      let line = try NoteSignature(line: first.bytes.dropLast())
      let cosigned = try log.checkpoint(7).adding([line])
      #expect(try cosigned.cosignatureTimestamp(of: log.cosigner.verifierKey) == 1_800_000_000)

      let conflict = try await add(server, log.request(0, 9).bytes)
      #expect(conflict.status == .conflict && conflict.text == "7\n")
      #expect(conflict.headers[.contentType] == "text/x.tlog.size")
      #expect(try await add(server, log.request(7, 7).bytes).status == .ok)
      #expect(try await add(server, log.request(7, 40).bytes).status == .ok)

      func request(_ old: UInt64, _ checkpoint: UnverifiedCheckpoint) throws -> [UInt8] {
        try AddCheckpointRequest(oldSize: old, proof: [], checkpoint: checkpoint).bytes
      }
      expectText(try await add(server, request(0, foreign)), 404)
      expectText(try await add(server, request(40, stolen)), 403)
      expectText(try await add(server, request(40, log.checkpoint(9))), 400)
      expectText(try await add(server, request(40, fork.checkpoint(40))), 422)
      for body in [[], Array("garbage".utf8), Array("old 0\n\n".utf8), [0xFF, 0x0A]] as [[UInt8]] {
        let answer = try await add(server, body)
        expectText(answer, 400)
        #expect(answer.text.hasPrefix("log."))
      }
      let long = [UInt8](repeating: 0x61, count: AddCheckpointRequest.maximumByteCount + 1)
      expectText(try await add(server, long), 413)
      let read = try await server.get("/witness/add-checkpoint")
      #expect(read.status == .methodNotAllowed && read.headers[.allow] == "POST")
    }
  }

  @Test("who watches finds what was cosigned last, and the key")
  func watching() async throws {
    let log = log
    let origin = Hash.sha256(Array(WitnessedLog.origin.utf8)).description
    try await with { server in
      expectText(try await server.get("/witness/\(origin)/checkpoint"), 404)
      #expect(try await server.get("/witness/vkey").text == "\(log.cosigner.verifierKey)\n")
      _ = try await add(server, log.request(0, 7).bytes)
      let answer = try await server.get("/witness/\(origin)/checkpoint")
      #expect(answer.status == .ok && answer.headers[.cacheControl] == "no-cache")
      let read = try CosignedCheckpoint(answer.bytes, by: log.cosigner.verifierKey)
      #expect(try read.checkpoint == log.checkpoint(7).checkpoint)
      #expect(try read.signed.note.verify(keys: [log.signer.verifierKey]).count == 1)
      for name in [origin.uppercased(), String(origin.dropLast()), origin + "0", "key", "..%2fkey", "vkey"] {
        let answer = try await server.get("/witness/\(name)/checkpoint")
        #expect(answer.status == .notFound, "\(name)")
        #expect(!answer.text.contains("witness "), "\(name)")
      }
    }
  }

  @Test("a witness that cannot store answers 503 and has promised nothing")
  func full() async throws {
    let (log, disk) = (log, disk)
    try await with { server in
      _ = try await add(server, log.request(0, 7).bytes)
      disk.limit(to: disk.used)
      let answer = try await add(server, log.request(7, 9).bytes)
      expectText(answer, 503)
      #expect(answer.headers[.retryAfter] != nil)
      disk.limit(to: nil)
      #expect(try await add(server, log.request(7, 9).bytes).status == .ok)
    }
  }

  @Test("requests are limited as all that is handed in, and told so in plain text")
  func limited() async throws {
    let log = log
    var options = ServerApplication.Options()
    options.submissionsPerMinute = 2
    try await with(options: options) { server in
      #expect(try await add(server, log.request(0, 7).bytes).status == .ok)
      #expect(try await add(server, log.request(7, 9).bytes).status == .ok)
      let third = try await add(server, log.request(9, 9).bytes)
      expectText(third, 429)
      #expect(third.headers[.retryAfter] != nil && third.text.hasPrefix("http.too_many_requests"))
    }
  }

  @Test("a node that is no witness says so everywhere")
  func none() async throws {
    var village = try Village()
    let body = try log.request(0, 7).bytes
    try await ServerProbe.with([try village.show()]) { server in
      expectText(try await add(server, body), 404)
      expectText(try await server.get("/witness/vkey"), 404)
      expectText(try await server.get("/witness/\(Hash.zero)/checkpoint"), 404)
      try await server.refuses("/log/aid/witnessed-checkpoint", "404 http.not_found")
    }
  }

  @Test("the newest witnessed checkpoint is served beside the published one, and how far each witness is")
  func witnessed() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let view = try #require(chain.view)
    let published = try UnverifiedCheckpoint(view.checkpoint)
    let kept = try published.adding([published.cosignature(by: log.cosigner, at: 1_800_000_000)])
    let file = WitnessedFile("/data/witnessed/aid.checkpoint", disk: disk)
    try file.write(kept.bytes)
    let other = try NoteCosigner(name: NoteName("late"), seed: [UInt8](repeating: 9, count: 32))
    let feeder = try WitnessFeeder(
      chain,
      witnesses: [("early", log.cosigner), ("late", other)].map {
        Policy.Witness(name: Array($0.0.utf8), key: $0.1.verifierKey, url: Array("http://127.0.0.1:1".utf8))
      }, file: file, logger: Self.quiet)
    try await ServerProbe.with(
      [chain], witnessing: Witnessing(feeders: [feeder]), metrics: PrometheusRegistry()
    ) { server in
      let answer = try await server.get("/log/aid/witnessed-checkpoint")
      #expect(answer.status == .ok && answer.bytes == kept.bytes)
      #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
      #expect(answer.headers[.cacheControl] == "no-cache")
      #expect(try await server.get("/log/aid/checkpoint").bytes == view.checkpoint, "stays as it was published")
      let metrics = try await server.get("/metrics").text
      #expect(metrics.contains("tongzhou_witness_behind_entries{chain=\"aid\",witness=\"early\"} 0.0\n"))
      let all = "tongzhou_witness_behind_entries{chain=\"aid\",witness=\"late\"} \(Double(view.head.size))\n"
      #expect(metrics.contains(all))
    }
  }
}
