internal import MutualAid

/// One person of the demonstration.
struct Person {
  /// Which of the demonstration's plans she joins.
  let plan: UInt16
  /// Month of birth: year × 12 + month − 1.
  let birthMonth: UInt16
  let isMale: Bool
  /// Days since 1970 in UTC+8.
  let joinDay: Int
  /// The day on which she falls seriously ill; `nil` within the time simulated.
  var illDay: Int?
  /// Her membership's ordinal, once she has joined.
  var membership: UInt32?
}

/// Ages of a population: shares of China's five-year age groups in the census of 2020.
///
/// Source: Seventh National Population Census, persons by five-year group, in millions.
enum AgeStructure {
  private static let millions: [Double] = [
    77.9, 90.2, 85.3, 72.7, 74.9, 91.8, 124.1, 99.0, 93.0, 114.2, 121.2, 101.4, 73.4, 74.0,
  ]

  /// A random age in whole months, from `from` to below `to`.
  static func month(from: Int, to: Int, using generator: inout SplitMix64) -> Int {
    var weights: [Double] = []
    for (group, share) in millions.enumerated() {
      let low = max(group * 60, from)
      let high = min((group + 1) * 60, to)
      weights.append(high > low ? share * Double(high - low) / 60 : 0)
    }
    var drawn = generator.unit() * weights.reduce(0, +)
    for (group, weight) in weights.enumerated() where weight > 0 {
      if drawn < weight {
        let low = max(group * 60, from)
        let high = min((group + 1) * 60, to)
        return min(high - 1, low + Int(drawn / weight * Double(high - low)))
      }
      drawn -= weight
    }
    return to - 1
  }
}

/// How often people fall critically ill: 25 diseases, China 2006–2010, per person and year.
enum Incidence {
  private static let table: [(age: Double, male: Double, female: Double)] = [
    (0, 0.00060, 0.00082), (5, 0.00038, 0.00033), (10, 0.00031, 0.00032), (18, 0.00038, 0.00047),
    (20, 0.00044, 0.00050), (25, 0.00067, 0.00065), (30, 0.00095, 0.00099), (35, 0.00140, 0.00160),
    (39, 0.00219, 0.00240), (40, 0.00247, 0.00264), (45, 0.00460, 0.00419), (50, 0.00802, 0.00599),
    (55, 0.01284, 0.00808), (59, 0.01743, 0.01052), (60, 0.01859, 0.01128), (65, 0.02529, 0.01693),
    (70, 0.03850, 0.02512), (75, 0.05290, 0.03586),
  ]

  /// The table's rate at an age in years, linear between its columns.
  static func rate(age: Double, isMale: Bool) -> Double {
    guard let upper = table.firstIndex(where: { $0.age >= age }) else {
      return isMale ? table[table.count - 1].male : table[table.count - 1].female
    }
    let high = table[upper]
    guard upper > 0 else { return isMale ? high.male : high.female }
    let low = table[upper - 1]
    let part = (age - low.age) / (high.age - low.age)
    return isMale ? low.male + part * (high.male - low.male) : low.female + part * (high.female - low.female)
  }
}

extension SplitMix64 {
  /// A number from 0 to below 1.
  mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

  /// One of the values, with these weights.
  mutating func pick<T>(_ values: [(T, Double)]) -> T {
    var drawn = unit() * values.reduce(0) { $0 + $1.1 }
    for (value, weight) in values {
      if drawn < weight { return value }
      drawn -= weight
    }
    return values[values.count - 1].0
  }
}
