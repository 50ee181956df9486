public import CoreMetrics
internal import Synchronization

/// Keeps what swift-metrics counts, and writes it in Prometheus' text format (version 0.0.4).
public final class PrometheusRegistry: MetricsFactory, Sendable {
  /// Series kept at most; what would come beyond them is not counted.
  private static let limit = 2000

  fileprivate enum Kind: String, Sendable {
    case counter, gauge, summary
  }

  fileprivate struct Series: Sendable {
    let name: String
    let kind: Kind
    let labels: String
    var value = 0.0
    var count: UInt64 = 0
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
      switch entry.kind {
      case .counter, .gauge: lines.append("\(entry.name)\(entry.labels) \(entry.value)")
      case .summary:
        lines.append("\(entry.name)_sum\(entry.labels) \(entry.value)")
        lines.append("\(entry.name)_count\(entry.labels) \(entry.count)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  fileprivate func change(_ key: Key, _ body: (inout Series) -> Void) {
    series.withLock { series in
      if series[key.text] == nil {
        guard series.count < PrometheusRegistry.limit else { return }
        series[key.text] = Series(name: key.name, kind: key.kind, labels: key.labels)
      }
      if var entry = series[key.text] {
        body(&entry)
        series[key.text] = entry
      }
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
    Counter(registry: self, key: Key(label, dimensions, .counter))
  }

  /// See `MetricsFactory`.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    Recorder(registry: self, key: Key(label, dimensions, aggregate ? .summary : .gauge))
  }

  /// See `MetricsFactory`. Times are told in seconds.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    Timer(registry: self, key: Key(label + "_seconds", dimensions, .summary))
  }

  /// See `MetricsFactory`: a series stays.
  public func destroyCounter(_ handler: any CounterHandler) {}
  /// See `MetricsFactory`: a series stays.
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  /// See `MetricsFactory`: a series stays.
  public func destroyTimer(_ handler: any TimerHandler) {}

  private final class Counter: CounterHandler {
    let registry: PrometheusRegistry
    let key: Key

    init(registry: PrometheusRegistry, key: Key) {
      self.registry = registry
      self.key = key
    }

    func increment(by amount: Int64) { registry.change(key) { $0.value += Double(amount) } }
    func reset() { registry.change(key) { $0.value = 0 } }
  }

  private final class Recorder: RecorderHandler {
    let registry: PrometheusRegistry
    let key: Key

    init(registry: PrometheusRegistry, key: Key) {
      self.registry = registry
      self.key = key
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
      registry.change(key) { series in
        series.value = series.kind == .gauge ? value : series.value + value
        series.count += 1
      }
    }
  }

  private final class Timer: TimerHandler {
    let registry: PrometheusRegistry
    let key: Key

    init(registry: PrometheusRegistry, key: Key) {
      self.registry = registry
      self.key = key
    }

    func recordNanoseconds(_ duration: Int64) {
      registry.change(key) { series in
        series.value += Double(duration) / 1e9
        series.count += 1
      }
    }
  }
}
