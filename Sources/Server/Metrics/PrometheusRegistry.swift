public import CoreMetrics
internal import Synchronization

/// Keeps what swift-metrics counts, and writes it in Prometheus' text format (version 0.0.4).
public final class PrometheusRegistry: MetricsFactory, Sendable {
  /// Series kept at most; what would come beyond them is not counted.
  private static let limit = 2000

  fileprivate enum Kind: String, Sendable {
    case counter, gauge, summary
  }

  /// One line of the text; handlers keep theirs, so that counting needs no look-up.
  fileprivate final class Series: Sendable {
    let name: String
    let kind: Kind
    let labels: String
    private let state = Mutex((value: 0.0, count: UInt64(0)))

    init(_ key: Key) { (name, kind, labels) = (key.name, key.kind, key.labels) }

    var now: (value: Double, count: UInt64) { state.withLock { $0 } }

    func add(_ value: Double) {
      state.withLock { state in
        state.value += value
        state.count += 1
      }
    }

    func set(_ value: Double) { state.withLock { $0.value = value } }
  }

  private let series = Mutex<[String: Series]>([:])

  /// An empty registry.
  public init() {}

  /// The text of `/metrics`, sorted by name.
  public func text() -> String {
    var lines: [String] = []
    var last = ""
    for entry in series.withLock({ $0.values.sorted { ($0.name, $0.labels) < ($1.name, $1.labels) } }) {
      if entry.name != last { lines.append("# TYPE \(entry.name) \(entry.kind.rawValue)") }
      last = entry.name
      let now = entry.now
      switch entry.kind {
      case .counter, .gauge: lines.append("\(entry.name)\(entry.labels) \(now.value)")
      case .summary:
        lines.append("\(entry.name)_sum\(entry.labels) \(now.value)")
        lines.append("\(entry.name)_count\(entry.labels) \(now.count)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The series of a key; one that is kept but not told where there are too many.
  fileprivate func series(_ key: Key) -> Series {
    series.withLock { all in
      if let known = all[key.text] { return known }
      let made = Series(key)
      if all.count < PrometheusRegistry.limit { all[key.text] = made }
      return made
    }
  }

  fileprivate struct Key: Sendable {
    let name: String
    let kind: Kind
    let labels: String
    let text: String

    init(_ label: String, _ dimensions: [(String, String)], _ kind: Kind) {
      name = Key.clean(label)
      self.kind = kind
      let pairs = dimensions.map { "\(Key.clean($0.0))=\"\(Key.escape($0.1))\"" }
      labels = pairs.isEmpty ? "" : "{" + pairs.joined(separator: ",") + "}"
      text = name + labels
    }

    private static func clean(_ text: String) -> String {
      String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
    }

    private static func escape(_ text: String) -> String {
      text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
  }
}

extension PrometheusRegistry {
  /// See `MetricsFactory`.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    Counter(series: series(Key(label, dimensions, .counter)))
  }

  /// See `MetricsFactory`.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    Recorder(series: series(Key(label, dimensions, aggregate ? .summary : .gauge)))
  }

  /// See `MetricsFactory`. Times are told in seconds.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    Timer(series: series(Key(label + "_seconds", dimensions, .summary)))
  }

  /// See `MetricsFactory`: a series stays.
  public func destroyCounter(_ handler: any CounterHandler) {}
  /// See `MetricsFactory`: a series stays.
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  /// See `MetricsFactory`: a series stays.
  public func destroyTimer(_ handler: any TimerHandler) {}

  private final class Counter: CounterHandler {
    let series: Series

    init(series: Series) { self.series = series }

    func increment(by amount: Int64) { series.add(Double(amount)) }
    func reset() { series.set(0) }
  }

  private final class Recorder: RecorderHandler {
    let series: Series

    init(series: Series) { self.series = series }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) { series.kind == .gauge ? series.set(value) : series.add(value) }
  }

  private final class Timer: TimerHandler {
    let series: Series

    init(series: Series) { self.series = series }

    func recordNanoseconds(_ duration: Int64) { series.add(Double(duration) / 1e9) }
  }
}
