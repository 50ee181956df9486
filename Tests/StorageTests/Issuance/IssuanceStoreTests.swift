import Foundation
import Storage
import TestSupport
import Testing
import TransparencyLog

@Suite("Places of status lists")
struct IssuanceStoreTests {
  private let folder = FileManager.default.temporaryDirectory.path() + "/tongzhou-issued-" + UUID().uuidString

  private func reserve(
    _ store: IssuanceStore, _ holders: [UInt64], consent: UInt64 = 0, now: UInt64 = 1000, draw: (Int) -> Int
  ) throws -> [IssuedPlace] {
    try store.reserve(
      holders.map { .label("holder", $0) }, consent: .label("consent", consent), blockTime: 900, level: 650, now: now,
      expires: now + 100, draw: draw)
  }

  @Test("a place is given out once until it is over, a key once, and a consent has a limit")
  func places() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/issued.sqlite"
    var store = try IssuanceStore(path: path)
    // A source that hits the same place again is asked anew.
    var numbers = [7, 7, 8].makeIterator()
    let first = try reserve(store, [1, 2]) { _ in numbers.next() ?? 0 }
    #expect(first.map(\.place) == [7, 8] && first.allSatisfy { $0.list == 1 && $0.level == 650 })
    #expect(throws: IssuanceStore.Refusal.keyUsed) { try reserve(store, [3, 1]) { $0 / 2 } }
    #expect(try store.live(1, now: 1050).map(\.place) == [7, 8], "all or none")
    // It is all there after a restart, and forgotten when it is over.
    store = try IssuanceStore(path: path)
    #expect(try store.live(1, now: 1099) == first)
    #expect(try store.live(1, now: 1100).isEmpty && store.live(2, now: 1000).isEmpty)
    var next = 10
    func rising(_ count: Int) -> Int {
      next += 1
      return next
    }
    for batch in 0..<2 { _ = try reserve(store, (0..<20).map { 100 + UInt64(batch) * 20 + $0 }, draw: rising) }
    #expect(throws: IssuanceStore.Refusal.tooMany) { try reserve(store, (0..<21).map { 200 + $0 }, draw: rising) }
    _ = try reserve(store, (0..<19).map { 200 + $0 }, consent: 1, draw: rising)
    _ = try reserve(store, [1], now: 1100) { _ in 7 }
    #expect(throws: IssuanceStore.Refusal.full) { try reserve(store, [300], now: 1100) { _ in 7 } }
  }

  @Test("files and directory are for their owner alone, also where they were not")
  func permissions() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = FileManager.default
    try files.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    let path = folder + "/issued.sqlite"
    #expect(files.createFile(atPath: path, contents: Data(), attributes: [.posixPermissions: 0o644]))
    let store = try IssuanceStore(path: path)
    _ = try reserve(store, [1]) { _ in 7 }
    func mode(_ path: String) throws -> Int? { try files.attributesOfItem(atPath: path)[.posixPermissions] as? Int }
    #expect(try mode(folder) == 0o700)
    let names = try files.contentsOfDirectory(atPath: folder)
    #expect(names.contains("issued.sqlite"))
    for name in names { #expect(try mode(folder + "/" + name) == 0o600, "\(name)") }
  }

  @Test("what is over is in none of the files once somebody has read")
  func forgotten() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try IssuanceStore(path: folder + "/issued.sqlite")
    _ = try reserve(store, [1, 2]) { $0 / 2 + Int.random(in: 0..<1000) }
    let secrets = [Hash.label("consent", 0), .label("holder", 1), .label("holder", 2)].map { Data($0.bytes) }
    func isKept(_ secret: Data) throws -> Bool {
      try FileManager.default.contentsOfDirectory(atPath: folder).contains { name in
        FileManager.default.contents(atPath: folder + "/" + name)?.range(of: secret) != nil
      }
    }
    for secret in secrets { #expect(try isKept(secret)) }
    #expect(try store.live(1, now: 1100).isEmpty)
    for secret in secrets { #expect(try !isKept(secret)) }
  }

  @Test func whatIsNoStore() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/issued.sqlite"
    try Data(repeating: 65, count: 4096).write(to: URL(filePath: path))
    #expect(throws: StorageError(.damaged, "")) { try IssuanceStore(path: path) }
  }
}
