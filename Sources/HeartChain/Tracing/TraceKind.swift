/// What happened, in a row of a manifest of events.
public enum TraceKind: UInt8, Sendable, CaseIterable {
  /// Money or goods were given: a lot begins, and hearts come.
  case donated = 1
  /// Its holder took a lot in.
  case received = 2
  /// Its holder put a lot somewhere.
  case stored = 3
  /// Parts of lots became other lots; what is missing is said to be lost.
  case repacked = 4
  /// Lots went into a container.
  case packed = 5
  /// Lots came out of it.
  case unpacked = 6
  /// A lot left for another organisation.
  case shipped = 7
  /// It arrived there; what is missing was lost on the way.
  case arrived = 8
  /// Goods reached the people they are for.
  case handedOver = 9
  /// Goods were lost, spoiled or stolen.
  case lost = 10
  /// Stock was counted anew: less, or more up to what was lost before.
  case corrected = 11
  /// Trees were pledged: a lot begins, and no hearts come yet.
  case pledged = 12
  /// Some of them were planted: a lot begins, and hearts come.
  case planted = 13
  /// Planted trees were looked at and counted.
  case surveyed = 14
  /// Planted trees died.
  case died = 15
  /// A project committed money.
  case committed = 16
  /// Money left for another organisation: a lot begins that is on its way.
  case disbursed = 17
  /// Money was spent.
  case spent = 18
  /// Money was given back.
  case returned = 19
  /// Somebody took part in an activity: hearts come, and no lot begins.
  case attended = 20
}

/// Why goods were lost or trees died; 0 where nothing is said.
public enum LossReason: UInt8, Sendable, CaseIterable {
  /// Not said.
  case unknown = 0
  /// Past its date.
  case expired = 1
  /// Damaged or spoiled.
  case damaged = 2
  /// Stolen.
  case stolen = 3
  /// Destroyed by fire, water or weather.
  case disaster = 4
}

/// What money was spent on.
public enum SpendingPurpose: UInt8, Sendable, CaseIterable {
  /// What the project is for.
  case aid = 1
  /// Running it.
  case overhead = 2
}

/// Fields of a row that an event may have.
struct TraceFields: OptionSet, Sendable {
  let rawValue: UInt16

  static let lot = TraceFields(rawValue: 1)
  static let kind = TraceFields(rawValue: 2)
  static let quantity = TraceFields(rawValue: 4)
  static let place = TraceFields(rawValue: 8)
  static let other = TraceFields(rawValue: 16)
  static let reason = TraceFields(rawValue: 32)
  static let project = TraceFields(rawValue: 64)
  static let evidence = TraceFields(rawValue: 128)
  static let party = TraceFields(rawValue: 256)
  static let parts = TraceFields(rawValue: 512)
  static let unit = TraceFields(rawValue: 1024)
}

extension TraceKind {
  /// The fields that must be there, and those that may be; all others are zero. `lot`, `kind` and `project` are
  /// ordinals, for which zero is a value like any other.
  var fields: (needed: TraceFields, allowed: TraceFields) {
    switch self {
    case .donated: ([.unit, .quantity], [.kind, .project, .place, .reason, .evidence, .party])
    case .received, .stored: ([.unit], [.lot, .place, .evidence])
    case .repacked: ([.unit, .parts], [.quantity, .place, .evidence])
    case .packed: ([.parts], [.place, .evidence])
    case .unpacked: ([.parts], [.lot, .evidence])
    case .shipped: ([.unit], [.lot, .other, .place, .evidence])
    case .arrived: ([.unit, .quantity], [.lot, .place, .evidence])
    case .handedOver: ([.unit, .quantity, .party], [.lot, .place, .evidence])
    case .lost, .died: ([.unit, .quantity], [.lot, .place, .reason, .evidence])
    case .corrected: ([.unit, .quantity], [.lot, .place, .evidence])
    case .pledged: ([.unit, .quantity], [.kind, .project, .place, .reason, .party, .evidence])
    case .planted: ([.unit, .quantity, .evidence], [.lot, .place])
    case .surveyed: ([.unit, .evidence], [.lot, .quantity, .place])
    case .committed: ([.unit, .quantity, .evidence], [.project])
    case .disbursed: ([.unit, .quantity], [.lot, .other, .evidence])
    case .spent: ([.unit, .quantity, .evidence, .reason, .party], [.lot, .place])
    case .returned: ([.unit, .quantity, .evidence], [.lot, .party])
    case .attended: ([.unit, .quantity], [.kind, .project, .place, .reason, .evidence, .party])
    }
  }
}
