import Foundation
import MutualAid
import TongzhouClient

@testable import Simulator

/// Conventions and people that the tests of forecasts share.
enum Assumed {
  /// A convention of the checkout.
  static func convention(_ name: String) throws -> Convention {
    let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized.path
    return try ConventionFile(path: "\(root)/Conventions/\(name).yaml").convention
  }

  /// The people of `Conventions/population-china-2020.yaml`, whose file other tests read.
  static func china(
    size: Int = 10_000_000, joining: Int = 1_000_000, spread: Double = 0.1, tolerance: Double = 100,
    first: Double = 0.2
  ) -> ForecastPopulation {
    let millions = [77.9, 90.2, 85.3, 72.7, 74.9, 91.8, 124.1, 99.0, 93.0, 114.2, 121.2, 101.4, 73.4, 74.0]
    let groups = millions.enumerated().map {
      ForecastPopulation.Group(from: 5 * $0, to: 5 * $0 + 4, weight: $1, men: 0.5124)
    }
    return ForecastPopulation(
      groups: groups, size: size, joiningAYear: joining, cases: [("cancer", 0.9), ("thyroid-mild", 0.1)],
      declaration: ForecastPopulation.HealthDeclaration(first: first, later: 2 * first, years: 3, spread: spread),
      leaving: ForecastPopulation.Leaving(anyway: 0.02, tolerance: tolerance))
  }

  /// The runs of a small forecast, one for each seed.
  static func runs(
    _ convention: Convention, _ population: ForecastPopulation, years: Int, sample: Int = 4_000, seeds: [UInt64],
    minimumMembers: Int? = 1
  ) throws -> [ForecastRun] {
    try seeds.map { seed in
      let options = Forecast.Options(
        years: years, runs: 1, sample: sample, seed: seed, minimumMembers: minimumMembers)
      return try Forecast(convention, population: population, options: options).run(0)
    }
  }
}
