import Storage
import TestSupport
import Testing
import TransparencyLog

@Suite("What a witness cosigned last, on a disk")
struct WitnessDirectoryTests {
  private static let path = "data/witness"
  private static let sizes = [1, 2, 7, 7, 8, 20, 40]
  private static let origin = Hash.sha256(Array(WitnessedLog.origin.utf8))

  private func open(_ log: WitnessedLog, _ disk: MemoryDisk) throws -> WitnessDirectory {
    try WitnessDirectory(Self.path, key: log.cosigner.verifierKey, disk: disk)
  }

  /// Decides, cosigns and stores as a witness does.
  private func cosign(_ log: WitnessedLog, _ new: Int, _ directory: WitnessDirectory) throws {
    let last = try directory.read(Self.origin)
    let old = Int(last?.checkpoint.size ?? 0)
    guard case .accept(let accepted) = log.rules.decide(try log.request(old, new), last: last) else {
      Issue.record("\(old) to \(new) was not accepted")
      return
    }
    try directory.write(try accepted.cosigned(by: log.cosigner, at: 100 + UInt64(new)))
  }

  @Test("wherever the power goes or the disk refuses, what was answered is never forgotten and nothing is half there")
  func faults() throws {
    let log = try WitnessedLog()
    let whole = MemoryDisk(seed: 1)
    let calm = try open(log, whole)
    for size in Self.sizes { try cosign(log, size, calm) }
    #expect(whole.calls > 4 * Self.sizes.count)
    for fault in [MemoryDisk.Fault.crash, .inputOutput, .diskFull] {
      for call in 1...whole.calls {
        for seed in UInt64(1)...4 {
          let disk = MemoryDisk(seed: seed)
          disk.fail(at: call, with: fault)
          var answered = 0
          var failures = 0
          for size in Self.sizes {
            do {
              try cosign(log, size, try open(log, disk))
              answered = size
            } catch is StorageError {
              failures += 1
              if disk.isDown { disk.restart() }
              let kept = try open(log, disk).read(Self.origin)?.checkpoint
              let size64 = kept.map { Int($0.size) } ?? 0
              #expect([answered, size].contains(size64), "\(fault) at call \(call), seed \(seed)")
              if let kept { #expect(try kept == log.checkpoint(size64).checkpoint) }
            }
          }
          // Trying again goes on from whatever stands there.
          try cosign(log, 40, try open(log, disk))
          let last = try open(log, disk).read(Self.origin)
          #expect(last?.checkpoint.size == 40 && failures <= 2, "\(fault) at call \(call), seed \(seed)")
        }
      }
    }
  }

  @Test("a file that is damaged, of another log or of another witness is no memory")
  func damage() throws {
    let log = try WitnessedLog()
    let disk = MemoryDisk(seed: 1)
    let directory = try open(log, disk)
    #expect(try directory.read(Self.origin) == nil)
    try cosign(log, 7, directory)
    let file = "\(Self.path)/\(Self.origin)"
    let good = try #require(disk.contents[file])
    #expect(good == (try log.cosigned(7, at: 107).bytes))
    for byte in stride(from: 0, to: good.count, by: 3) {
      let bent = disk.copy(seed: 1)
      bent.flip(file, byte: byte, bit: 0)
      // Of the log's own line only its form is looked at: the witness's line is over the text, not over lines.
      if let read = try? open(log, bent).read(Self.origin) {
        #expect(read.checkpoint == (try log.checkpoint(7).checkpoint), "\(byte)")
      }
    }
    let elsewhere = Hash.sha256([1])
    try disk.replace("\(Self.path)/\(elsewhere)", with: good)
    #expect(throws: StorageError(.damaged, "")) { try directory.read(elsewhere) }
    let other = try NoteCosigner(name: NoteName("other"), seed: [UInt8](repeating: 9, count: 32))
    let foreign = try WitnessDirectory(Self.path, key: other.verifierKey, disk: disk)
    #expect(throws: StorageError(.damaged, "")) { try foreign.read(Self.origin) }
    disk.edit(file) { $0.removeLast(10) }
    #expect(throws: StorageError(.damaged, "")) { try directory.read(Self.origin) }
    disk.edit(file) { $0 = [] }
    #expect(throws: StorageError(.damaged, "")) { try directory.read(Self.origin) }
  }

  @Test("a witnessed checkpoint is kept for the witnesses that count, and what does not read is nothing")
  func witnessedFile() throws {
    let log = try WitnessedLog()
    let disk = MemoryDisk(seed: 1)
    let file = WitnessedFile("/data/witnessed/aid/senior.checkpoint", disk: disk)
    let keys = [log.cosigner.verifierKey]
    #expect(try file.read(witnesses: keys) == nil)
    let cosigned = try log.cosigned(7)
    try file.write(cosigned.bytes)
    #expect(try file.read(witnesses: keys)?.signed().bytes == cosigned.bytes)
    #expect(try file.read(witnesses: []) == nil)
    try file.write(Array(cosigned.bytes.dropLast(5)))
    #expect(try file.read(witnesses: keys) == nil)
  }
}
