internal import Consortium
public import Ledger
public import TransparencyLog

/// Hospital records, and who may file beside the owner.
extension MutualAid {
  /// Helpers a membership may have at a time.
  public static let maximumHelpers = 3

  /// A hospital registers a record. The block's time proves that it existed by then, and nothing else.
  mutating func registerRecord(
    _ wire: WireRegisterRecord, by hospital: UInt16, at time: Timestamp
  ) throws(LedgerError) {
    guard let commitment = Hash(wire.record) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    guard (try? hospitalRecords.insert(HospitalRecord(commitment, hospital: hospital, time: time))) != nil else {
      throw LedgerError(.recordKnown, "registered before")
    }
  }

  /// The hospital record that a case names, if it may serve it; `nil` where none is named.
  ///
  /// A record serves one case. Only when its owner took that case back may the same membership name it again: a
  /// refused case is appealed, or one paper would be heard twice and, by a late appeal, paid twice.
  func hospitalRecord(
    _ wire: WireFileCase, membership: UInt32, convention: Convention
  ) throws(LedgerError) -> Int? {
    guard !wire.record.isEmpty else {
      guard !(convention.records?.isRequired ?? false) else {
        throw LedgerError(.recordMissing, "the convention asks for a hospital's record")
      }
      return nil
    }
    guard let commitment = Hash(wire.record), let hospital = UInt16(exactly: wire.hospital) else {
      throw LedgerError(.malformed, "a record has 32 bytes, and a hospital")
    }
    guard let ordinal = hospitalRecords.find(HospitalRecord.key(of: commitment, hospital: hospital)) else {
      throw LedgerError(.unknownRecord, "hospital \(hospital) has registered no such record")
    }
    let record = hospitalRecords[ordinal]
    if record.lastCase != 0 {
      let before = cases[Int(record.lastCase) - 1]
      guard before.membership == membership, before.status == .withdrawn else {
        throw LedgerError(.recordUsed, "the record serves case \(record.lastCase - 1)")
      }
    }
    let diagnosis = CivilDate.midnight(dayNumber: wire.diagnosed)
    guard record.registeredAt >= diagnosis else {
      throw LedgerError(.recordBeforeDiagnosis, "written before the day of the diagnosis")
    }
    if let days = convention.records?.registeredWithinDays {
      guard record.registeredAt < diagnosis.adding(days: UInt64(days) + 1) else {
        throw LedgerError(.backDated, "registered more than \(days) days after the diagnosis")
      }
    }
    return ordinal
  }

  /// The hospital record that a case names; `nil` for none.
  public func hospitalRecord(of number: UInt32) -> HospitalRecord? {
    let place = recordsByCase[Int(number)]
    return place == 0 ? nil : hospitalRecords[Int(place) - 1]
  }

  /// Where a hospital's record stands; `nil` where it has registered none.
  public func hospitalRecord(_ commitment: Hash, hospital: UInt16) -> HospitalRecord? {
    hospitalRecords.find(HospitalRecord.key(of: commitment, hospital: hospital)).map { hospitalRecords[$0] }
  }

  /// An owner names somebody who may file for her, or no longer.
  mutating func nameHelper(_ wire: WireNameHelper, sender: Address, at time: Timestamp) throws(LedgerError) {
    _ = try owned(wire.membership, by: sender)
    guard let helper = Address(wire.helper), helper != HelpersRecord.nobody else {
      throw LedgerError(.malformed, "an address has 20 bytes")
    }
    let known = helpers.find(HelpersRecord.key(of: wire.membership))
    let record = known.map { helpers[$0] } ?? HelpersRecord(membership: wire.membership)
    let place = record.place(of: helper)
    // The owner files in her own name.
    guard helper != sender, (place != nil) == wire.remove else {
      throw LedgerError(.helperUnchanged, "the table says so already")
    }
    guard let changed = wire.remove ? place : record.place(of: HelpersRecord.nobody) else {
      throw LedgerError(.tooManyHelpers, "at most \(MutualAid.maximumHelpers) at a time")
    }
    guard let ordinal = known ?? (try? helpers.insert(record)) else {
      preconditionFailure("the membership has a record or none")
    }
    helpers.update(ordinal) { record in
      record.places[changed] = wire.remove ? HelpersRecord.nobody : helper
      record.since = time
    }
  }

  /// Whether an account may file for a membership in its owner's place.
  public func isHelper(_ account: Address, of membership: UInt32) -> Bool { helpers(of: membership).contains(account) }

  /// The accounts that may file for a membership in its owner's place.
  public func helpers(of membership: UInt32) -> [Address] {
    helpers.find(HelpersRecord.key(of: membership)).map { helpers[$0].named } ?? []
  }
}
