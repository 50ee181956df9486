internal import Node

/// The chains a process serves, as links have to know them.
struct ServedNames: Sendable {
  /// What an address is about, by its path alone.
  private enum Subject {
    /// Members, cases and money.
    case aid
    /// Gifts and hearts.
    case hearts
    /// Whatever a chain has.
    case any
  }

  /// All names; the first is meant where nothing else decides.
  let all: [String]
  /// The first chain of mutual aid, and the first of hearts, whether its log is read already or not; `nil` where none
  /// is served.
  let aid: String?
  let hearts: String?

  init(_ chains: [any ServedChain]) {
    all = chains.map(\.name)
    aid = chains.first { $0.hasHearts == false }?.name
    hearts = chains.first { $0.hasHearts == true }?.name
  }

  /// The chain that an address is about when it names none.
  func standard(for path: String) -> String? { standard(for: ServedNames.subject(of: path)) }

  private func standard(for subject: Subject) -> String? {
    switch subject {
    case .hearts: hearts
    case .aid: aid ?? all.first
    case .any: all.first
    }
  }

  /// What an address has to name so that it stays on a chain; `nil` where it needs no name, or is about what that chain
  /// does not have.
  func named(_ chain: String?, in path: String) -> String? {
    guard let chain else { return nil }
    let subject = ServedNames.subject(of: path)
    guard chain != standard(for: subject) else { return nil }
    switch subject {
    case .any: return chain
    case .hearts: return chain == aid ? nil : chain
    case .aid: return chain == hearts ? nil : chain
    }
  }

  /// Whether a chain has what an address is about: one of hearts has no members and cases, and one of mutual aid no
  /// gifts. The site's first page is everybody's.
  static func has(_ path: String, isHearts: Bool) -> Bool {
    switch subject(of: path) {
    case .any: true
    case .hearts: isHearts
    case .aid: !isHearts || path.allSatisfy { $0 == "/" }
    }
  }

  private static func subject(of path: String) -> Subject {
    switch path.split(separator: "/", maxSplits: 1).first {
    case "hearts": .hearts
    case "organisations", "explorer", "search", "qr", "verify", "how": .any
    default: .aid
    }
  }
}
