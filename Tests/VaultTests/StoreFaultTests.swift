import TestSupport
import Testing

@testable import Vault

/// The power goes, or the disk refuses, at each step of each change.
@Suite struct StoreFaultTests {
  /// A change, and what the case looks like before and after it.
  enum Change: String, CaseIterable, CustomTestStringConvertible {
    case put, addReader, removeReader, erase
    var testDescription: String { rawValue }
  }

  static let faults: [MemoryDisk.Fault] = [.crash, .inputOutput, .diskFull]

  private static func apply(_ change: Change, to room: Room, _ sealed: SealedDocument) throws {
    let document = sealed.header.document
    let (ada, bo, cai) = (room.cast.ada, room.cast.bo, room.cast.cai)
    switch change {
    case .put: try room.store.put(sealed, in: room.caseID, by: ada.party, at: 1)
    case .addReader:
      try room.store.addReader(cai.reader, to: document, in: room.caseID, by: ada.party, with: ada.key, at: 1)
    case .removeReader:
      try room.store.removeReader(bo.party, from: document, in: room.caseID, by: ada.party, with: ada.key, at: 1)
    case .erase: try room.store.erase(document, in: room.caseID, by: ada.party, for: .purposeMet, at: 1)
    }
  }

  /// Who can open the document: nobody where it is not there.
  private static func readers(_ room: Room, _ store: VaultStore) throws -> [PartyID]? {
    switch try store.list(room.caseID).first {
    case nil: nil
    case .erased: []
    case .stored(let stored): stored.readers.map(\.party)
    }
  }

  private static func expected(_ change: Change, _ cast: Cast, isDone: Bool) -> [PartyID]? {
    let both = [cast.ada.party, cast.bo.party]
    return switch (change, isDone) {
    case (.put, false): nil
    case (.put, true), (_, false): both
    case (.addReader, true): both + [cast.cai.party]
    case (.removeReader, true): [cast.ada.party]
    case (.erase, true): []
    }
  }

  /// A room in which everything but the change is done.
  private static func prepared(_ change: Change, seed: UInt64) throws -> (Room, SealedDocument, calls: Int) {
    let room = try Room(seed: seed)
    let sealed = try room.seal(Cast.text(3_000))
    if change != .put { try room.store.put(sealed, in: room.caseID, by: room.cast.ada.party, at: 1) }
    return (room, sealed, room.disk.calls)
  }

  @Test("a change is there whole or not at all, and what it destroys is destroyed", arguments: Change.allCases)
  func everyStep(_ change: Change) throws {
    let (calm, calmSealed, before) = try Self.prepared(change, seed: 1)
    try Self.apply(change, to: calm, calmSealed)
    let steps = calm.disk.calls - before
    #expect(steps >= 8)
    for step in 1...steps {
      for fault in Self.faults {
        for seed in 1...6 {
          try check(change, step: step, fault, seed: UInt64(seed))
        }
      }
    }
  }

  private func check(_ change: Change, step: Int, _ fault: MemoryDisk.Fault, seed: UInt64) throws {
    let place = "\(change) step \(step), \(fault), seed \(seed)"
    let (room, sealed, before) = try Self.prepared(change, seed: seed)
    room.disk.fail(at: before + step, with: fault)
    #expect(throws: VaultError.self, "\(place)") { try Self.apply(change, to: room, sealed) }
    // Whoever failed once does nothing more.
    #expect(throws: VaultError.self, "\(place)") { try Self.apply(change, to: room, sealed) }
    room.disk.heal()
    // With a failed call the process may go on for a while before the power goes too.
    room.disk.restart()
    let (store, _) = try room.opened()
    let found = try Self.readers(room, store)
    let states = [false, true].map { Self.expected(change, room.cast, isDone: $0) }
    #expect(states.contains { $0 == found }, "\(place): \(String(describing: found))")
    for person in [room.cast.ada, room.cast.bo, room.cast.cai] where found?.contains(person.party) == true {
      #expect(try room.read(sealed.header.document, by: person, from: store).bytes == Cast.text(3_000), "\(place)")
    }
    if found == states[1], change == .erase || change == .removeReader {
      for key in sealed.keyring.keys { #expect(!room.holds(Array(key.encoded.suffix(112))), "\(place)") }
    }
    let report = try room.fsck()
    #expect(report.findings == [], "\(place)")
    // What was not done can be done now.
    if found != states[1] {
      let again = Room(room, store)
      try Self.apply(change, to: again, sealed)
      #expect(try Self.readers(again, store) == states[1], "\(place)")
    }
  }

  @Test("a vault that is opened after a failed call without a crash goes on from what is on the disk")
  func withoutCrash() throws {
    for change in Change.allCases {
      let (calm, calmSealed, before) = try Self.prepared(change, seed: 1)
      try Self.apply(change, to: calm, calmSealed)
      for step in 1...(calm.disk.calls - before) {
        let (room, sealed, before) = try Self.prepared(change, seed: 1)
        room.disk.fail(at: before + step, with: .inputOutput)
        _ = try? Self.apply(change, to: room, sealed)
        let (store, _) = try room.opened()
        let found = try Self.readers(room, store)
        // What the opened vault showed is durable: a crash afterwards does not change it.
        room.disk.restart()
        let (again, mended) = try room.opened()
        #expect(try Self.readers(room, again) == found, "\(change) step \(step)")
        #expect(mended == VaultStore.Mended(files: 0, logBytes: 0), "\(change) step \(step)")
      }
    }
  }

  @Test("opening a vault after a crash can itself be cut off at every step")
  func crashWhileMending() throws {
    for change in Change.allCases {
      let (calm, calmSealed, before) = try Self.prepared(change, seed: 1)
      try Self.apply(change, to: calm, calmSealed)
      for step in 1...(calm.disk.calls - before) {
        for mending in 1...12 {
          let (room, sealed, before) = try Self.prepared(change, seed: UInt64(step))
          room.disk.fail(at: before + step, with: .crash)
          _ = try? Self.apply(change, to: room, sealed)
          room.disk.restart()
          room.disk.heal()
          room.disk.fail(at: room.disk.calls + mending, with: .crash)
          _ = try? room.opened()
          room.disk.heal()
          room.disk.restart()
          let found = try Self.readers(room, try room.opened().0)
          let states = [false, true].map { Self.expected(change, room.cast, isDone: $0) }
          #expect(states.contains { $0 == found }, "\(change) step \(step), \(mending)")
          #expect(try room.fsck().findings == [], "\(change) step \(step), \(mending)")
        }
      }
    }
  }

  @Test("making a vault can be cut off at every step and done again")
  func creation() throws {
    for step in 1...12 {
      for seed in 1...4 {
        let disk = MemoryDisk(seed: UInt64(seed))
        disk.fail(at: step, with: .crash)
        let vault = MemoryVaultDisk(disk: disk)
        _ = try? VaultStore.create("v", disk: vault)
        _ = try? VaultStore.open("v", disk: vault)
        disk.heal()
        disk.restart()
        try VaultStore.create("v", disk: vault)
        #expect(try VaultStore.open("v", disk: vault).0.head == .empty, "step \(step), seed \(seed)")
      }
    }
  }
}

extension Room {
  /// The same room with another opening of its vault.
  init(_ room: Room, _ store: VaultStore) {
    disk = room.disk
    self.store = store
  }
}
