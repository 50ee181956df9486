internal import MutualAid

/// Which cases a statement opens.
public enum WantedCases: Hashable, Sendable {
  /// None.
  case nothing
  /// Those of every settlement it shows.
  case all
  /// These, by their ordinals, and with each the others of its settlement.
  case these([UInt32])

  /// The most cases that can be asked for by ordinal.
  public static let mostNamed = 64
  /// The most cases that a statement opens: 12 bytes each, 16 in base64.
  public static let mostRows = 100_000

  /// Reads `all`, or ordinals with commas between; `nil` for anything else, and for more than ``mostNamed``.
  public init?(text: String) {
    if text == "all" {
      self = .all
      return
    }
    let parts = text.split(separator: ",", maxSplits: WantedCases.mostNamed, omittingEmptySubsequences: false)
    let ordinals = parts.compactMap { part in
      part.utf8.allSatisfy { (0x30...0x39).contains($0) } && (part == "0" || !part.hasPrefix("0")) ? UInt32(part) : nil
    }
    guard ordinals.count == parts.count, parts.count <= WantedCases.mostNamed else { return nil }
    self = .these(ordinals)
  }

  /// The text that reads as this; `nil` for none.
  public var text: String? {
    switch self {
    case .nothing: nil
    case .all: "all"
    case .these(let ordinals): ordinals.map { "\($0)" }.joined(separator: ",")
    }
  }
}

extension Statement.Proven {
  /// Whether everything that was asked for is open.
  public func opens(_ wanted: WantedCases) -> Bool {
    switch wanted {
    case .nothing: true
    case .all:
      settled.allSatisfy { settlement in
        settlement.cases == 0 || cases.contains { $0.settlement.number == settlement.number }
      }
    case .these(let ordinals):
      ordinals.allSatisfy { ordinal in cases.contains { $0.cases.contains { $0.number == ordinal } } }
    }
  }
}
