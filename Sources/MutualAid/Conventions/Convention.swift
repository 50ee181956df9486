public import Ledger
internal import SwiftProtobuf
public import TransparencyLog

/// The rules of a plan (互助公约), checked, as they stand on the chain.
///
/// A value of this type obeys every rule of ``faults(in:)``, so a contract never meets rules that make no
/// sense. Its bytes are the only encoding of these rules; its hash names them for ever.
public struct Convention: Sendable {
  /// The version of this format that the program reads.
  public static let format: UInt32 = 1
  /// The most bytes a convention may have, so that it fits into a transaction.
  public static let maximumBytes = 49_152

  /// The canonical bytes.
  public let bytes: [UInt8]
  /// SHA-256 over a domain prefix and the bytes: the name of these rules.
  public let hash: Hash

  /// Lower-case name such as `tongzhou-seed`.
  public let key: String
  /// Version of the rules under this key, 1…65,535.
  public let version: Int
  /// Name in Chinese.
  public let nameZh: String
  /// Name in English.
  public let nameEn: String
  /// Who may join and until when she is covered.
  public let ages: Ages
  /// The least first deposit; whole fen.
  public let firstDeposit: Amount
  /// A member whose balance falls below this is told.
  public let lowBalance: Amount
  /// Days after the first deposit in which a diagnosis brings no aid, 0…3650.
  public let waitingDays: Int
  /// The classes of disease, by ascending id.
  public let classes: [DiseaseClass]
  /// What is paid for which class at which age, by class and age.
  public let aid: [AidBand]
  /// The platform's fee on top of the aid, in parts per million, at most 500,000.
  public let feePartsPerMillion: UInt32
  /// The most one member pays.
  public let caps: Caps
  /// Whose balances bear a settlement.
  public let payers: Payers
  /// Days of public notice (公示) of each case, 1…60; 0 with a calendar.
  public let noticeDays: Int
  /// The days of notices and debits; `nil` where each case has a notice and a settlement of its own.
  public let calendar: NoticeCalendar?
  /// What happens to the part of a settlement that caps or balances leave uncovered.
  public let beyond: Beyond
  /// Days after running dry in which a member may pay what she missed and go on, 0…365; 0: none.
  public let graceDays: Int
  /// Whether a membership ends when aid was paid.
  public let endsAfterAid: Bool
  /// A case must be filed within this many days of its diagnosis, 1…3650.
  public let filingDays: Int
  /// How a case may be contested.
  public let contest: Contest
  /// Aid ahead of the investigation; `nil`: none.
  public let fastTrack: FastTrack?
  /// When and how the plan ends.
  public let windDown: WindDown
  /// What the custodian's statements have to show; `nil` where joining does not depend on them.
  public let solvency: Solvency?
  /// What is asked of a case's hospital record; `nil` where nothing is.
  public let records: HospitalRecords?
  /// What an illness within the waiting period brings.
  public let waitingIllness: WaitingIllness

  /// Reads and checks the canonical bytes of a convention.
  ///
  /// - Throws: `convention.not_canonical` where the bytes are no convention, too many, or not exactly what
  ///   encoding them again gives (unknown fields included: a rule this version does not know could not be
  ///   kept); `convention.invalid` where a rule is broken.
  public init(decoding bytes: [UInt8]) throws(LedgerError) {
    guard bytes.count <= Convention.maximumBytes else {
      throw LedgerError(.conventionNotCanonical, "a convention has at most \(Convention.maximumBytes) bytes")
    }
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    guard let wire = try? WireConvention(serializedBytes: bytes, options: options) else {
      throw LedgerError(.conventionNotCanonical, "not a convention")
    }
    guard try encodedBytes(of: wire) == bytes else {
      throw LedgerError(.conventionNotCanonical, "not the canonical encoding, or with unknown fields")
    }
    if let fault = Convention.faults(in: wire).first {
      throw LedgerError(.badConvention, fault.description)
    }
    self.init(checked: wire, bytes: bytes)
  }

  /// Encodes and checks a convention; the same errors as ``init(decoding:)``.
  public init(_ wire: WireConvention) throws(LedgerError) {
    try self.init(decoding: encodedBytes(of: wire))
  }

  private init(checked wire: WireConvention, bytes: [UInt8]) {
    self.bytes = bytes
    hash = .sha256(Domain.tag("convention") + bytes)
    key = wire.key
    version = Int(wire.version)
    nameZh = wire.nameZh
    nameEn = wire.nameEn
    ages = Ages(
      joinFromDays: Int(wire.ages.joinFromDays), joinToYears: Int(wire.ages.joinToYears),
      coverToYears: Int(wire.ages.coverToYears))
    firstDeposit = Amount(micro: wire.firstDeposit)
    lowBalance = Amount(micro: wire.lowBalance)
    waitingDays = Int(wire.waitingDays)
    classes = wire.classes.map {
      DiseaseClass(
        id: UInt8($0.id), key: $0.key, nameZh: $0.nameZh, nameEn: $0.nameEn, icd10: $0.icd10, except: $0.except,
        behaviours: $0.behaviours.map(UInt8.init))
    }
    aid = wire.aid.map {
      AidBand(
        diseaseClass: UInt8($0.diseaseClass), fromYears: Int($0.fromYears), toYears: Int($0.toYears),
        amount: Amount(micro: $0.amount))
    }
    feePartsPerMillion = wire.feePpm
    caps = Caps(
      perCase: Amount(micro: wire.caps.perCase), perPeriod: Amount(micro: wire.caps.perPeriod),
      perYear: Amount(micro: wire.caps.perYear))
    payers = wire.payers == .atNotice ? .atNotice : .atSettlement
    noticeDays = Int(wire.noticeDays)
    calendar =
      wire.hasCalendar
      ? NoticeCalendar(
        pairs: zip(wire.calendar.noticeDays, wire.calendar.debitDays).map {
          NoticeCalendar.Pair(noticeDay: Int($0), debitDay: Int($1))
        }) : nil
    beyond =
      switch wire.beyond {
      case .carry: .carry
      case .reserve: .reserve
      default: .proRata
      }
    graceDays = Int(wire.graceDays)
    endsAfterAid = wire.endsAfterAid
    filingDays = Int(wire.filingDays)
    contest = Contest(
      objections: Int(wire.contest.objections), objectionsAYear: Int(wire.contest.objectionsAYear),
      jurors: Int(wire.contest.jurors), quorum: Int(wire.contest.quorum), voteDays: Int(wire.contest.voteDays),
      revealDays: Int(wire.contest.revealDays), appealDays: Int(wire.contest.appealDays),
      decisionDays: Int(wire.contest.decisionDays))
    fastTrack =
      wire.hasFastTrack
      ? FastTrack(
        amount: Amount(micro: wire.fastTrack.amount), cases: Int(wire.fastTrack.cases),
        total: Amount(micro: wire.fastTrack.total), windowDays: Int(wire.fastTrack.windowDays),
        loss: wire.fastTrack.loss == .shared ? .members : .reserve) : nil
    windDown = WindDown(
      minimumMembers: Int(wire.windDown.minimumMembers), afterDays: Int(wire.windDown.afterDays),
      claimsDays: Int(wire.windDown.claimsDays), reserve: wire.windDown.reserve == .members ? .members : .charity)
    solvency =
      wire.hasSolvency
      ? Solvency(
        statementDays: Int(wire.solvency.statementDays), tolerancePartsPerMillion: wire.solvency.tolerancePpm,
        pausesJoins: wire.solvency.pause) : nil
    records =
      wire.hasRecords
      ? HospitalRecords(
        registeredWithinDays: Int(wire.records.registeredWithinDays), isRequired: wire.records.required) : nil
    waitingIllness = wire.waitingIllness == .refund ? .refund : .nothing
  }
}

extension Convention {
  /// What is paid for a class at an age in whole years; `nil` where the convention pays nothing.
  public func aid(diseaseClass: UInt8, ageYears: Int) -> Amount? {
    aid.first { $0.diseaseClass == diseaseClass && $0.fromYears <= ageYears && ageYears <= $0.toYears }?.amount
  }

  /// The most that is paid for any class at any age.
  public var highestAid: Amount { aid.map(\.amount).max() ?? .zero }

  /// The platform's fee on an amount of aid, rounded down to the millionth; nothing on nothing.
  public func fee(on amount: Amount) -> Amount { sharing.fee(on: amount) }

  /// The class of this key.
  public func classID(_ key: String) -> UInt8? {
    classes.first { $0.key.utf8.elementsEqual(key.utf8) }?.id
  }

  /// Whether those pay who were funded when a notice was published, whatever happened until the debit.
  public var countsPayersAtNotice: Bool { payers == .atNotice }
}
