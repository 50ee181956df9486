public import Consortium
public import Ledger
public import MutualAid

/// An action of either contract of a mutual-aid chain.
public enum HistoryAction: Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// An action of the contract "consortium".
  case consortium(ConsortiumAction)
  /// An action of the contract "mutual-aid".
  case mutualAid(MutualAidAction)

  /// Every action there is.
  public static var allCases: [HistoryAction] {
    ConsortiumAction.allCases.map { .consortium($0) } + MutualAidAction.allCases.map { .mutualAid($0) }
  }

  /// Such as `mutual-aid.join`.
  public var description: String {
    switch self {
    case .consortium(let action): "\(Consortium.name).\(action)"
    case .mutualAid(let action): "\(MutualAid.name).\(action)"
    }
  }
}

/// How often each action of a history succeeded and failed, and every code its results hold.
public struct HistoryTally: Sendable {
  private var counts = HistoryAction.allCases.map { (action: $0, succeeded: 0, failed: 0) }
  private var codes: [(code: ErrorCode, count: Int)] = []

  /// Nothing has happened.
  public init() {}

  /// Each action with its counts, in the order of ``HistoryAction/allCases``.
  public var actions: [(action: HistoryAction, succeeded: Int, failed: Int)] { counts }

  /// Each code of a transaction or row with its count, by number.
  public var results: [(code: ErrorCode, count: Int)] { codes }

  mutating func note(_ action: HistoryAction, _ code: ErrorCode) {
    guard let index = counts.firstIndex(where: { $0.action == action }) else { return }
    if code == .success { counts[index].succeeded += 1 } else { counts[index].failed += 1 }
  }

  mutating func note(_ code: ErrorCode) {
    if let index = codes.firstIndex(where: { $0.code == code }) {
      codes[index].count += 1
    } else {
      codes.append((code, 1))
      codes.sort { $0.code.number < $1.code.number }
    }
  }
}
