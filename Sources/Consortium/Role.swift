/// What an organisation is trusted to do; one organisation may have several roles.
public struct Role: OptionSet, Hashable, Sendable {
  /// The bits, as they stand in the record.
  public let rawValue: UInt16

  /// Roles from their bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Runs the service: opens plans, publishes notices, registers accounts.
  public static let platform = Role(rawValue: 1 << 0)
  /// Holds the members' money.
  public static let custodian = Role(rawValue: 1 << 1)
  /// Investigates cases.
  public static let investigator = Role(rawValue: 1 << 2)
  /// Endorses and counter-signs as an insurer.
  public static let insurer = Role(rawValue: 1 << 3)
  /// Files cases for its patients.
  public static let hospital = Role(rawValue: 1 << 4)
  /// Runs charity projects.
  public static let charity = Role(rawValue: 1 << 5)
  /// Attests that people exist once.
  public static let identity = Role(rawValue: 1 << 6)
  /// Samples the work of the others.
  public static let auditor = Role(rawValue: 1 << 7)

  /// Of officers only: speaks for her organisation, that is proposes, votes and calls for pauses.
  public static let delegate = Role(rawValue: 1 << 8)

  /// Every role of an organisation that this version knows.
  public static let all: Role = [
    .platform, .custodian, .investigator, .insurer, .hospital, .charity, .identity, .auditor,
  ]

  /// Everything an officer may be allowed.
  public static let officer: Role = all.union(.delegate)

  /// Role names as pages and files write them.
  public static let names: [(Role, String)] = [
    (.platform, "platform"), (.custodian, "custodian"), (.investigator, "investigator"), (.insurer, "insurer"),
    (.hospital, "hospital"), (.charity, "charity"), (.identity, "identity"), (.auditor, "auditor"),
  ]
}
