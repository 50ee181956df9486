internal import Ledger
internal import MutualAid

/// What people of an age and sex expect in one plan, by the incidence table without any selection.
struct Risk: Sendable {
  /// The oldest age in whole years that anybody has here.
  static let oldest = 120

  private let rates: [Double]
  private let aids: [Double]
  /// Classes of the convention with their part of the cases.
  let classes: [(id: UInt8, part: Double)]

  /// - Throws: `forecast.unknown_class`.
  init(_ population: ForecastPopulation, convention: Convention) throws(ForecastError) {
    var classes: [(id: UInt8, part: Double)] = []
    for (key, part) in population.cases {
      guard let id = convention.classID(key) else {
        throw ForecastError(.unknownClass, "\(convention.key) has no class of disease called \"\(key)\"")
      }
      classes.append((id, part))
    }
    var rates: [Double] = []
    var aids: [Double] = []
    for age in 0...Risk.oldest {
      let aid = classes.reduce(0.0) { sum, one in
        let amount = convention.aid(diseaseClass: one.id, ageYears: age)?.micro ?? 0
        return sum + one.part * Double(amount) / Double(Amount.microPerYuan)
      }
      for isMale in [true, false] { rates.append(Incidence.rate(age: Double(age) + 0.5, isMale: isMale)) }
      aids.append(age < convention.ages.coverToYears ? aid : 0)
    }
    (self.rates, self.aids, self.classes) = (rates, aids, classes)
  }

  /// Critical illnesses per person and year.
  func rate(age: Int, isMale: Bool) -> Double { rates[2 * min(max(age, 0), Risk.oldest) + (isMale ? 0 : 1)] }

  /// Mean aid of a case at an age, in yuan.
  func aid(age: Int) -> Double { aids[min(max(age, 0), Risk.oldest)] }

  /// The class of a case, by a number from 0 to below 1.
  func diseaseClass(at place: Double) -> UInt8 {
    var sum = 0.0
    for (id, part) in classes {
      sum += part
      if place < sum { return id }
    }
    return classes[classes.count - 1].id
  }
}
