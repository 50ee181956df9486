/// What the runs of a forecast say together.
public struct ForecastSummary: Sendable {
  /// A figure over the runs: a tenth of them lie below the first, half below the second, nine tenths below the third.
  public struct Spread: Sendable, Equatable {
    /// The tenth percentile.
    public let low: Double
    /// The median.
    public let median: Double
    /// The ninetieth percentile.
    public let high: Double

    /// The percentiles of some values, between two neighbours in proportion; at least one value.
    init(_ values: [Double]) {
      let sorted = values.sorted()
      func at(_ part: Double) -> Double {
        let place = part * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
      }
      low = at(0.1)
      median = at(0.5)
      high = at(0.9)
    }
  }

  /// One year, over the runs whose plan lived through it.
  public struct Year: Sendable {
    /// The year, from 1.
    public let number: Int
    /// Runs whose plan lived through it.
    public let runs: Int
    /// See ``ForecastRun/Year/members``.
    public let members: Spread
    /// See ``ForecastRun/Year/meanAge``.
    public let meanAge: Spread
    /// See ``ForecastRun/Year/under40``.
    public let under40: Spread
    /// See ``ForecastRun/Year/youngStaying``.
    public let youngStaying: Spread
    /// See ``ForecastRun/Year/olderStaying``.
    public let olderStaying: Spread
    /// See ``ForecastRun/Year/cases``.
    public let cases: Spread
    /// See ``ForecastRun/Year/refused``.
    public let refused: Spread
    /// See ``ForecastRun/Year/cost``.
    public let cost: Spread
    /// See ``ForecastRun/Year/given``.
    public let given: Spread
    /// See ``ForecastRun/Year/reserve``.
    public let reserve: Spread
    /// See ``ForecastRun/Year/balances``.
    public let balances: Spread
    /// See ``ForecastRun/Year/carried``.
    public let carried: Spread
  }

  /// The years that at least one run lived through.
  public let years: [Year]
  /// Runs in all.
  public let runs: Int
  /// The years in which plans wound down, one for each run in which it did, in order.
  public let windDowns: [Int]

  /// Puts runs together.
  public init(_ runs: [ForecastRun]) {
    self.runs = runs.count
    windDowns = runs.compactMap(\.windDown).sorted()
    var years: [Year] = []
    for number in 1...max(1, runs.map(\.years.count).max() ?? 1) {
      let lived = runs.filter { $0.windDown != number && $0.years.count >= number }.map { $0.years[number - 1] }
      guard !lived.isEmpty else { break }
      func spread(_ figure: (ForecastRun.Year) -> Double) -> Spread { Spread(lived.map(figure)) }
      years.append(
        Year(
          number: number, runs: lived.count, members: spread(\.members), meanAge: spread(\.meanAge),
          under40: spread(\.under40), youngStaying: spread(\.youngStaying), olderStaying: spread(\.olderStaying),
          cases: spread(\.cases), refused: spread(\.refused), cost: spread(\.cost), given: spread(\.given),
          reserve: spread(\.reserve), balances: spread(\.balances), carried: spread(\.carried)))
    }
    self.years = years
  }

  /// The year in which half of the runs had wound down; `nil` where fewer did.
  public var medianWindDown: Int? {
    let half = (runs + 1) / 2
    return windDowns.count >= half ? windDowns[half - 1] : nil
  }
}
