import Foundation
import Logging
import Storage
import Synchronization
import TestSupport
import Testing
import TransparencyLog

@testable import Node

@Suite("A node as a witness of another log")
struct NodeWitnessTests {
  private let log: WitnessedLog
  private let disk = MemoryDisk(seed: 7)

  init() throws { log = try WitnessedLog() }

  private func witness(clock: @escaping @Sendable () -> UInt64 = { 1_800_000_000 }) throws -> NodeWitness {
    try NodeWitness(
      of: [Policy.Log(key: log.signer.verifierKey)], as: log.cosigner, in: "/data/witness", disk: disk, clock: clock,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private var stored: CosignedCheckpoint? {
    get throws {
      try WitnessDirectory("/data/witness", key: log.cosigner.verifierKey, disk: disk)
        .read(.sha256(Array(WitnessedLog.origin.utf8)))
    }
  }

  /// The size that a conflict names; `nil` for any other answer.
  private func conflict(_ answer: NodeWitness.Answer) -> UInt64? {
    if case .conflict(let size) = answer { size } else { nil }
  }

  private func line(_ answer: NodeWitness.Answer) -> NoteSignature? {
    if case .cosigned(let line) = answer { line } else { nil }
  }

  @Test("of many requests that race from one size, a single one is cosigned, and a fork never beside it")
  func race() async throws {
    let witness = try witness()
    let fork = try WitnessedLog(salt: "fork")
    #expect(line(try await witness.add(try log.request(0, 7))) != nil)
    let requests = try (8...40).map { try log.request(7, $0) } + (8...40).map { try fork.request(7, $0) }
    let answers = try await withThrowingTaskGroup(of: NodeWitness.Answer.self) { group in
      for request in requests { group.addTask { try await witness.add(request) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let lines = answers.compactMap(line)
    let kept = try #require(try stored)
    #expect(lines == [kept.line])
    #expect(try kept.checkpoint == log.checkpoint(Int(kept.checkpoint.size)).checkpoint)
    // Whoever came before it, with the fork, was refused; whoever came after is told the size.
    let conflicts = answers.compactMap(conflict)
    #expect(conflicts.allSatisfy { $0 == kept.checkpoint.size } && conflicts.count >= 32)
  }

  @Test("a checkpoint that is sent again within the second costs no write, unless the last one failed")
  func again() async throws {
    let witness = try witness()
    let first = line(try await witness.add(try log.request(0, 9)))
    let calls = disk.calls
    #expect(line(try await witness.add(try log.request(9, 9))) == first && first != nil)
    #expect(disk.calls == calls)
    // The name of the new file may be lost: what stands there is answered for only once it is durable.
    disk.fail(at: calls + 5, with: .inputOutput)
    await #expect(throws: NodeError(.witnessUnavailable, "")) { try await witness.add(try log.request(9, 20)) }
    #expect(try stored?.checkpoint.size == 20, "the fifth call is the sync of the directory")
    let failed = disk.calls
    #expect(line(try await witness.add(try log.request(20, 20))) != nil)
    #expect(disk.calls > failed)
  }

  @Test("what was answered is known after a restart")
  func restart() async throws {
    let cosigned = line(try await witness().add(try log.request(0, 9)))
    disk.restart()
    #expect(try stored?.line == cosigned && cosigned != nil)
    let again = try witness()
    #expect(conflict(try await again.add(try log.request(0, 9))) == 9)
    let bytes = try await again.checkpoint(.sha256(Array(WitnessedLog.origin.utf8)))
    #expect(try bytes == stored?.bytes)
    #expect(try await again.checkpoint(.zero) == nil)
  }

  @Test("without room on the disk nothing is cosigned, and it goes on when there is some")
  func full() async throws {
    let witness = try witness()
    #expect(line(try await witness.add(try log.request(0, 7))) != nil)
    disk.limit(to: disk.used + 10)
    await #expect(throws: NodeError(.witnessUnavailable, "")) { try await witness.add(try log.request(7, 9)) }
    #expect(try stored?.checkpoint.size == 7)
    disk.limit(to: nil)
    #expect(line(try await witness.add(try log.request(7, 9))) != nil)
  }

  @Test("a clock behind the last cosignature makes none; a damaged memory neither")
  func clockAndDamage() async throws {
    let clock = Atomic<UInt64>(1000)
    let witness = try witness { clock.load(ordering: .relaxed) }
    #expect(line(try await witness.add(try log.request(0, 7))) != nil)
    clock.store(999, ordering: .relaxed)
    await #expect(throws: NodeError(.witnessUnavailable, "")) { try await witness.add(try log.request(7, 7)) }
    clock.store(1001, ordering: .relaxed)
    let fresh = try #require(line(try await witness.add(try log.request(7, 7))))
    #expect(try log.checkpoint(7).adding([fresh]).cosignatureTimestamp(of: log.cosigner.verifierKey) == 1001)
    disk.edit("/data/witness/\(Hash.sha256(Array(WitnessedLog.origin.utf8)))") { $0.removeLast(9) }
    await #expect(throws: NodeError(.witnessUnavailable, "")) { try await witness.add(try log.request(0, 7)) }
  }

  @Test("a log that is not known is refused without a look at the disk")
  func unknown() async throws {
    let witness = try witness()
    disk.fail(at: disk.calls + 1, with: .crash)
    let signer = try NoteSigner(name: NoteName("example.com/other"), seed: [UInt8](repeating: 8, count: 32))
    let checkpoint = try Checkpoint(origin: Array("example.com/other".utf8), size: 0, root: .emptyRoot)
    let request = try AddCheckpointRequest(
      oldSize: 0, proof: [], checkpoint: UnverifiedCheckpoint(signing: checkpoint, by: [signer]))
    guard case .refused(.unknownOrigin) = try await witness.add(request) else {
      Issue.record("not refused as unknown")
      return
    }
  }
}

@Suite("The key of a node's witness")
struct WitnessKeyTests {
  private func directory() -> String {
    FileManager.default.temporaryDirectory.path() + "/tongzhou-witness-\(UUID().uuidString)"
  }

  private func open(_ directory: String, name: String? = nil, seed: UInt8 = 1) throws -> VerifierKey {
    try WitnessKey.open(directory, name: name, fallback: "host/witness") { [UInt8](repeating: seed, count: 32) }
      .verifierKey
  }

  @Test("it is made once, for its owner's eyes, and keeps its name")
  func made() throws {
    let directory = directory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let key = try open(directory, name: "w.example/one")
    #expect(key.name == (try NoteName("w.example/one")) && key.type == .ed25519Cosignature)
    let mode = try FileManager.default.attributesOfItem(atPath: directory + "/key")[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try open(directory, seed: 2) == key, "neither a new key nor the fallback's name")
    #expect(try open(directory, name: "w.example/one") == key)
    #expect(throws: NodeError(.unusableDirectory, "")) { try open(directory, name: "w.example/two") }
    #expect(try String(contentsOfFile: directory + "/vkey", encoding: .utf8) == "\(key)\n")
    #expect(throws: TransparencyLogError(.malformedName, "")) { try open(directory, name: "two words") }
  }

  @Test("a key that others may read, another's key, and a lost one are refused")
  func refused() throws {
    let directory = directory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    #expect(try open(directory).name == NoteName("host/witness"))
    chmod(directory + "/key", 0o640)
    #expect(throws: NodeError(.unusableDirectory, "")) { try open(directory) }
    try FileManager.default.removeItem(atPath: directory + "/key")
    #expect(throws: NodeError(.unusableDirectory, "")) { try open(directory) }
    let other = self.directory()
    defer { try? FileManager.default.removeItem(atPath: other) }
    _ = try open(other, seed: 3)
    try FileManager.default.copyItem(atPath: other + "/key", toPath: directory + "/key")
    #expect(throws: NodeError(.unusableDirectory, "")) { try open(directory) }
  }
}
