internal import Ledger
internal import MutualAid

/// The figures of a worked example, in whole millionths as the chain itself counts.
struct ConventionExample {
  /// Cases per hundred thousand members and year that a real plan saw in 2020: 0.67 per thousand.
  static let casesPerHundredThousand: Int64 = 67

  let convention: Convention
  /// Members with a balance, more than 0.
  let members: Int64

  init(_ convention: Convention, members: Int64) {
    precondition(members > 0, "an example needs somebody who pays")
    self.convention = convention
    self.members = members
  }

  /// The highest aid.
  var aid: Int64 { convention.highestAid.micro }
  /// The platform's fee on it.
  var fee: Int64 { convention.fee(on: convention.highestAid).micro }
  /// Both. The aid is at most ten million yuan and the fee half of it, so nothing here overflows.
  var needed: Int64 { aid + fee }

  /// The least that raises what is needed when everybody gives the same: rounded up to the millionth.
  var share: Int64 { ConventionExample.ceiling(needed, members) }
  /// Whether the share raises exactly what is needed.
  var isExact: Bool { needed % members == 0 }
  /// What is collected beyond it, kept for the next settlement.
  var rounding: Int64 { Int64(Int128(share) * Int128(members) - Int128(needed)) }

  /// The most one member gives for one case: the least of the caps; `nil` without any.
  var capForOneCase: Int64? {
    [convention.caps.perCase.micro, convention.caps.perPeriod.micro, convention.caps.perYear.micro]
      .filter { $0 > 0 }.min()
  }

  /// How many members raise the highest aid and its fee without passing the cap.
  var membersToRaise: Int64? { capForOneCase.map { ConventionExample.ceiling(needed, $0) } }

  /// Half of them, the example of a plan that is too small; `nil` where one member alone is enough.
  var tooFew: Int64? { membersToRaise.flatMap { $0 > 1 ? $0 / 2 : nil } }
  /// What they raise at the cap.
  var raisedByTooFew: Int64 { min(needed, Int64(clamping: Int128(tooFew ?? 0) * Int128(capForOneCase ?? 0))) }
  /// The aid out of that, with the fee in proportion.
  var aidByTooFew: Int64 { Int64(Int128(aid) * Int128(raisedByTooFew) / Int128(needed)) }

  /// What a member gives in a year at the incidence of ``casesPerHundredThousand`` if every case got the
  /// highest aid; the number of members cancels out.
  var yearly: Int64 {
    Int64(Int128(needed) * Int128(ConventionExample.casesPerHundredThousand) / 100_000)
  }

  /// Days that a first deposit lasts at that rate, rounded down.
  var depositDays: Int64 {
    yearly > 0 ? Int64(clamping: Int128(convention.firstDeposit.micro) * 365 / Int128(yearly)) : 0
  }

  private static func ceiling(_ a: Int64, _ b: Int64) -> Int64 { a / b + (a % b == 0 ? 0 : 1) }
}

extension ConventionExample {
  /// Classes that are paid alike, and their bands of age.
  struct Group {
    let bands: [Convention.AidBand]
    var classes: [Convention.DiseaseClass]
  }

  /// The classes for which something is paid, those with the same bands together, in the order of the convention.
  var groups: [Group] {
    var groups: [Group] = []
    for entry in convention.classes {
      let bands = convention.aid.filter { $0.diseaseClass == entry.id }
      if bands.isEmpty { continue }
      let known = groups.firstIndex { group in
        group.bands.count == bands.count
          && zip(group.bands, bands).allSatisfy {
            ($0.fromYears, $0.toYears, $0.amount) == ($1.fromYears, $1.toYears, $1.amount)
          }
      }
      if let known {
        groups[known].classes.append(entry)
      } else {
        groups.append(Group(bands: bands, classes: [entry]))
      }
    }
    return groups
  }
}
