import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Advances that the rules do not allow.
@Suite struct FastTrackCodeTests {
  @Test("a bad step of a fast track is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  private static func signature(of number: UInt32) throws -> Action {
    try MutualAid.certifyDiagnosis(caseOrdinal: number, diagnosis: .reference)
  }

  static let cases: [BadCase] = [
    BadCase("a signature for a case that is not there", .unknownCase) { village in
      try village.sent(signature(of: 7), by: village.officer(.hospital))
    },
    BadCase("a signature in a plan without a fast track", .noFastTrack) { village in
      let number = try village.filed(Village.calendarPayer)
      return try village.sent(signature(of: number), by: village.officer(.hospital))
    },
    BadCase("a second signature for one case", .fastTrackUsed) { village in
      let number = try village.certified(0)
      return try village.sent(signature(of: number), by: village.officer(.hospital))
    },
    BadCase("a signature for a case that was declined", .wrongCaseState) { village in
      let number = try village.confirmed(0, approve: false)
      return try village.sent(signature(of: number), by: village.officer(.hospital))
    },
    BadCase("a signature over no diagnosis", .malformed) { village in
      var wire = WireCertifyDiagnosis()
      wire.case = try village.filed(0)
      return try village.sent(
        Action(
          contract: MutualAid.name, kind: MutualAidAction.certifyDiagnosis.rawValue, payload: encodedBytes(of: wire)),
        by: village.officer(.hospital))
    },
    BadCase("an insurer without a hospital", .notCertified) { village in
      try village.sponsored(yuan: 1000)
      return try village.sent(MutualAid.countersign(caseOrdinal: village.filed(0)), by: village.officer(.insurer))
    },
    BadCase("an insurer signing twice", .fastTrackUsed) { village in
      try village.sent(MutualAid.countersign(caseOrdinal: village.advanced(0)), by: village.officer(.insurer))
    },
    BadCase("a reserve that does not hold the advance", .reserveShort) { village in
      try village.sponsored(yuan: 299)
      return try village.sent(MutualAid.countersign(caseOrdinal: village.certified(0)), by: village.officer(.insurer))
    },
    BadCase("more money of one hospital than the window allows", .fastTrackLimit) { village in
      _ = try village.advanced(0)
      return try village.sent(MutualAid.countersign(caseOrdinal: village.certified(1)), by: village.officer(.insurer))
    },
    BadCase("a hospital after an overturned advance", .hospitalBarred) { village in
      let number = try village.advanced(0)
      try village.examined(number, approve: false)
      return try village.sent(signature(of: village.filed(1)), by: village.officer(.hospital))
    },
    BadCase("the insurer that signed deciding the case", .ownCountersignature) { village in
      let number = try village.advanced(0)
      let investigator = village.chain.network.organisation(.investigator)
      try village.succeed(
        MutualAid.assign(caseOrdinal: number, to: investigator.ordinal), by: village.officer(.platform))
      try village.succeed(village.investigate(number), by: investigator.officer)
      return try village.sent(MutualAid.decide(caseOrdinal: number, approve: true), by: village.officer(.insurer))
    },
    BadCase("an advance while payouts are paused", .payoutsPaused) { village in
      try village.sponsored(yuan: 1000)
      let number = try village.certified(0)
      for organisation in village.chain.network.organisations.prefix(2) {
        try village.succeed(Consortium.callPause(.payouts, plan: 0), by: organisation.officer)
      }
      return try village.sent(MutualAid.countersign(caseOrdinal: number), by: village.officer(.insurer))
    },
    BadCase("an advance paid twice", .badPayment) { village in
      let number = try village.advanced(0)
      try village.paid(number)
      return try village.sent(
        MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference),
        by: village.officer(.custodian))
    },
    BadCase("money back for an advance that stands", .nothingOwed) { village in
      let number = try village.advanced(0)
      return try village.sent(
        MutualAid.recover(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference),
        by: village.officer(.custodian))
    },
    BadCase("more money back than is owed", .nothingOwed) { village in
      let number = try village.advanced(0)
      try village.paid(number)
      try village.examined(number, approve: false)
      return try village.sent(
        MutualAid.recover(caseOrdinal: number, amount: Amount(yuan: 301), reference: .reference),
        by: village.officer(.custodian))
    },
  ]
}
