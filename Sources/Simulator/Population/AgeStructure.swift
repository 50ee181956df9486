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
