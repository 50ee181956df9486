/// What a proposal changes.
public enum ProposalKind: UInt8, Sendable, CaseIterable {
  /// A new organisation with its officers.
  case addOrganisation = 1
  /// An organisation leaves for good.
  case removeOrganisation = 2
  /// An organisation may do nothing until further notice.
  case suspend = 3
  /// It may again.
  case unsuspend = 4
  /// What an organisation may do.
  case organisationRoles = 5
  /// A new officer.
  case addOfficer = 6
  /// An officer signs for nobody any more.
  case removeOfficer = 7
  /// What an officer may do of what her organisation may.
  case officerRoles = 8
  /// Another key for an officer, whose address stays.
  case rotateOfficer = 9
  /// Another vote, cosignature or log key for an organisation.
  case rotateKey = 10
  /// What proposals of one kind need.
  case rule = 11
  /// How long pauses last, and how many proposals may be open.
  case parameters = 12
  /// A pause that goes on beyond its own end.
  case extendPause = 13
  /// A pause that ends now.
  case endPause = 14
  /// A plan's next convention.
  case convention = 15
  /// Who acts for a plan.
  case offices = 16
  /// A plan is wound down.
  case windDown = 17

  /// Whether it decides, at once or in a second step, who endorses. Fewer than a quorum may never decide that: the
  /// promise of the ledger rests on it.
  public var concernsEndorsement: Bool {
    switch self {
    case .addOrganisation, .removeOrganisation, .suspend, .unsuspend, .rotateKey, .rule, .parameters: true
    case .organisationRoles, .addOfficer, .removeOfficer, .officerRoles, .rotateOfficer, .extendPause, .endPause,
      .convention, .offices, .windDown:
      false
    }
  }
}

/// What a kind of proposal needs to be carried, and how long it takes.
public struct Rule: Hashable, Sendable {
  /// The kind.
  public let kind: ProposalKind
  /// It is carried by more than `numerator` / `denominator` of the organisations that endorse.
  public let numerator: UInt8
  /// See ``numerator``; at most 100.
  public let denominator: UInt8
  /// Seconds in which votes are taken, 3,600 to 31,622,400 (366 days).
  public let votingSeconds: UInt32
  /// Seconds from being carried until it is carried out, at most 31,622,400.
  public let timelockSeconds: UInt32

  /// A rule; nothing is checked.
  public init(
    kind: ProposalKind, numerator: UInt8, denominator: UInt8, votingSeconds: UInt32, timelockSeconds: UInt32
  ) {
    self.kind = kind
    self.numerator = numerator
    self.denominator = denominator
    self.votingSeconds = votingSeconds
    self.timelockSeconds = timelockSeconds
  }

  /// The longest time of voting or waiting.
  static let longest: UInt32 = 366 * 86_400

  /// Whether it may stand: never less than a majority, and a quorum for what concerns who endorses.
  var isSound: Bool {
    guard (1...100).contains(denominator), numerator < denominator,
      (3600...Rule.longest).contains(votingSeconds), timelockSeconds <= Rule.longest
    else { return false }
    let (top, bottom) = (Int(numerator), Int(denominator))
    return kind.concernsEndorsement ? 3 * top >= 2 * bottom : 2 * top >= bottom
  }

  /// How many of so many organisations carry it.
  public func needed(of count: Int) -> Int { count * Int(numerator) / Int(denominator) + 1 }

  /// What holds where a genesis says nothing else.
  public static func standard(_ kind: ProposalKind) -> Rule {
    let day: UInt32 = 86_400
    let isQuorum = kind.concernsEndorsement || kind == .convention || kind == .offices || kind == .windDown
    let (voting, timelock): (UInt32, UInt32) =
      switch kind {
      case .addOrganisation, .removeOrganisation, .rule, .parameters, .offices: (14 * day, 7 * day)
      case .suspend: (3 * day, 0)
      case .unsuspend: (14 * day, day)
      case .organisationRoles: (14 * day, 3 * day)
      case .addOfficer, .officerRoles, .rotateOfficer, .rotateKey: (7 * day, day)
      case .removeOfficer: (7 * day, 0)
      case .extendPause, .endPause: (3 * day, 0)
      case .convention, .windDown: (14 * day, 30 * day)
      }
    return Rule(
      kind: kind, numerator: isQuorum ? 2 : 1, denominator: isQuorum ? 3 : 2, votingSeconds: voting,
      timelockSeconds: timelock)
  }
}

/// Numbers that belong to no kind of proposal.
public struct GovernanceParameters: Hashable, Sendable {
  /// Seconds a pause lasts that no proposal extends, 3,600 to 2,592,000 (30 days).
  public var pauseSeconds: UInt32 = 72 * 3600
  /// Seconds after a pause in which those who called it may not call for the same again, at most 366 days.
  public var restSeconds: UInt32 = 30 * 86_400
  /// Seconds one call for a pause waits for a second, 600 to 2,592,000.
  public var callSeconds: UInt32 = 86_400
  /// Proposals one organisation may have open, 1 to 64.
  public var openProposals: UInt16 = 16

  /// The defaults.
  public init() {}

  var isSound: Bool {
    let month: UInt32 = 30 * 86_400
    return (3600...month).contains(pauseSeconds) && restSeconds <= Rule.longest && (600...month).contains(callSeconds)
      && (1...64).contains(openProposals)
  }
}
