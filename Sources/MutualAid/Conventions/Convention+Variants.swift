public import Ledger
internal import SwiftProtobuf

extension Convention {
  /// The same convention with another cap per case, as a demonstration with fewer members needs it.
  ///
  /// - Throws: `convention.invalid` for a cap outside the range.
  public func withCap(perCase cap: Amount) throws(LedgerError) -> Convention {
    try changed { $0.caps.perCase = cap.micro }
  }

  /// The same convention with changes, such as its next version.
  ///
  /// - Throws: `convention.invalid` where a rule is broken then.
  public func changed(_ change: (inout WireConvention) -> Void) throws(LedgerError) -> Convention {
    guard var wire = try? WireConvention(serializedBytes: bytes) else {
      preconditionFailure("a convention's own bytes decode")
    }
    change(&wire)
    return try Convention(wire)
  }
}

extension WireWindDown {
  /// What small plans use: ended by a proposal only, half a year for claims, the reserve to a charity.
  public static let usual: WireWindDown = {
    var wire = WireWindDown()
    wire.claimsDays = 180
    wire.reserve = .charity
    return wire
  }()
}

extension WireContest {
  /// What small plans use: three objections, nine jurors of whom five vote, and a month to appeal.
  public static let usual: WireContest = {
    var contest = WireContest()
    contest.objections = 3
    contest.objectionsAYear = 5
    contest.jurors = 9
    contest.quorum = 5
    contest.voteDays = 3
    contest.revealDays = 1
    contest.appealDays = 30
    contest.decisionDays = 14
    return contest
  }()
}
