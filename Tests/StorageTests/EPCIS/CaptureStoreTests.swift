import Foundation
import Storage
import TestSupport
import Testing
import TransparencyLog

@Suite("What captures mean")
struct CaptureStoreTests {
  private static func manifest(_ capture: String, of organisation: UInt16 = 1, first: UInt64 = 10) -> SignedCapture {
    SignedCapture(
      capture: capture, organisation: organisation, expiry: 100, root: .label("root", first), first: first, rows: 2)
  }

  private static func event(_ name: String, first: UInt64 = 10, main: UInt64? = nil) -> CapturedEvent {
    CapturedEvent(id: "urn:x:\(name)", hashID: "urn:hash:\(name)", first: first, rows: 1, main: main ?? first)
  }

  private func store() throws -> CaptureStore { try CaptureStore(path: nil) { .label("secret", 1) } }

  @Test("a capture that is forgotten takes nothing of a later one with the same numbers")
  func numbersGivenAnew() throws {
    let store = try store()
    let lot = CapturedLot(event: 10, output: 0)
    try store.keep(Self.manifest("old"), events: [Self.event("a")], identifiers: [("rice", lot), ("flour", lot)])
    try store.keep(Self.manifest("new"), events: [Self.event("b")], identifiers: [("rice", lot)])
    #expect(try store.signed(of: 1).map(\.capture).sorted() == ["new", "old"])
    try store.forget("old")
    #expect(try store.event("urn:x:a") == nil && store.event("urn:x:b")?.main == 10)
    #expect(try store.lots("rice") == [lot] && store.lots("flour").isEmpty)
    #expect(try store.signed(of: 1) == [Self.manifest("new")] && store.signed(of: 2).isEmpty)
  }

  @Test("of a manifest in the log, what its refused rows would have meant is taken back")
  func refused() throws {
    let store = try store()
    try store.keep(
      Self.manifest("a"), events: [Self.event("taken"), Self.event("refused", first: 11)],
      identifiers: [("rice", CapturedLot(event: 10, output: 0)), ("rice", CapturedLot(event: 11, output: 0))])
    try store.settle("a", refused: [11])
    #expect(try store.signed().isEmpty)
    #expect(try store.lots("rice") == [CapturedLot(event: 10, output: 0)])
    #expect(try store.isKnown(id: "urn:x:taken", hashID: "none", of: 1))
    #expect(try !store.isKnown(id: "urn:x:refused", hashID: "urn:hash:refused", of: 1))
    #expect(try store.events(of: [10, 11]).map { $0?.id } == ["urn:x:taken", nil])
  }

  @Test("no organisation takes a name away from another")
  func namesOfOthers() throws {
    let store = try store()
    try store.keep(Self.manifest("a"), events: [Self.event("same")], identifiers: [])
    #expect(try store.isKnown(id: "urn:x:same", hashID: "none", of: 1))
    #expect(try !store.isKnown(id: "urn:x:same", hashID: "urn:hash:same", of: 2))
    try store.keep(Self.manifest("b", of: 2, first: 5), events: [Self.event("same", first: 5)], identifiers: [])
    // Who asks by it gets the one that came first.
    #expect(try store.event("urn:x:same")?.main == 10)
    #expect(try store.event("urn:x:same", of: 2)?.main == 5 && store.event("urn:hash:same", of: 1)?.main == 10)
    #expect(try store.event("urn:x:same", of: 3) == nil)
    #expect(throws: StorageError.self) {
      try store.keep(Self.manifest("c", first: 20), events: [Self.event("same", first: 20)], identifiers: [])
    }
    #expect(try store.signed("c") == nil)
  }

  @Test("only the node's user can read the file and its directory")
  func modes() throws {
    let folder = FileManager.default.temporaryDirectory.path() + "/tongzhou-captures-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/heart.sqlite"
    let store = try CaptureStore(path: path) { .label("secret", 1) }
    try store.keep(Self.manifest("a"), events: [], identifiers: [])
    // The file beside it is there as long as the store is.
    try withExtendedLifetime(store) {
      for (file, mode) in [(folder, 0o700), (path, 0o600), (path + "-wal", 0o600)] {
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o777 } == mode, "\(file)")
      }
    }
    let again = try CaptureStore(path: path) { .label("secret", 2) }
    #expect(try again.secret == .label("secret", 1) && again.signed().count == 1)
  }
}
