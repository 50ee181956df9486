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
