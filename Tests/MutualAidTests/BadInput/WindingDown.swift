import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// What a plan whose cover has ended refuses.
@Suite struct WindingDownTests {
  @Test("what comes too late for a plan is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  static let cases: [BadCase] = [
    BadCase("joining a plan that is wound down", .windingDown) { village in
      let row = try village.chain.attest([TestPerson(20).attestation(plan: 0)], plan: 0)[0]
      try village.windDown(0)
      return try village.sent(TestChain.join(row), by: TestPerson(20).key)
    },
    BadCase("a group enrolling in a plan that is wound down", .windingDown) { village in
      let group = try village.group()
      let rows = try village.enrolments([TestPerson(50)])
      try village.windDown(0)
      return try village.sent(MutualAid.enrol(group: group), by: Village.payer.get(), rows: rows)
    },
    BadCase("leaving a plan that is wound down", .windingDown) { village in
      try village.windDown(0)
      return try village.sent(MutualAid.leave(membership: 0), by: village.owner(of: 0))
    },
    BadCase("an illness after the end of cover", .windingDown) { village in
      try village.windDown(0)
      return try village.sent(village.file(0, on: village.today), by: village.owner(of: 0))
    },
    BadCase("an illness of before, filed too late", .filedTooLate) { village in
      let day = village.today
      // Which keeps the plan from closing.
      _ = try village.filed(1)
      try village.windDown(0)
      // The convention's 180 days from the diagnosis are not over, the 90 from the end of cover are.
      village.chain.advance(days: 91)
      try village.chain.block()
      return try village.sent(village.file(0, on: day), by: village.owner(of: 0))
    },
    BadCase("a sponsor of a plan that is wound down", .windingDown) { village in
      try village.windDown(0)
      return try village.sent(
        MutualAid.contribute(plan: 0, amount: Amount(yuan: 1), reference: .reference),
        by: village.officer(.custodian))
    },
    BadCase("an advance of a plan that is wound down", .windingDown) { village in
      try village.sponsored(yuan: 1000)
      let number = try village.certified(0)
      try village.windDown(0)
      return try village.sent(MutualAid.countersign(caseOrdinal: number), by: village.officer(.insurer))
    },
    BadCase("a proposal to end a plan that is wound down", .windingDown) { village in
      try village.windDown(0)
      return try village.sent(Consortium.propose(MutualAid.windDown(of: 0)), by: village.officer(.platform))
    },
    BadCase("a proposal to end a plan that is not there", .unknownPlan) { village in
      try village.sent(Consortium.propose(MutualAid.windDown(of: 9)), by: village.officer(.platform))
    },
  ]
}
