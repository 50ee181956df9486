/// A value of the love index that partners may ask for, and the claim that says whether it is reached.
public struct IndexThreshold: Hashable, Sendable, Comparable {
  /// The highest.
  public static let maximum: UInt16 = 1000
  /// The most thresholds of a credential.
  public static let maximumCount = 16

  /// The value, 1 to 1,000.
  public let value: UInt16

  /// A threshold; `credential.invalid_settings` outside its range.
  public init(_ value: UInt16) throws(CredentialError) {
    guard (1...IndexThreshold.maximum).contains(value) else {
      throw CredentialError(.badSettings, "a threshold lies between 1 and \(IndexThreshold.maximum)")
    }
    self.value = value
  }

  /// The claim's name.
  public var claim: String { "love_index_gte_\(value)" }

  /// The lower one is less.
  public static func < (a: IndexThreshold, b: IndexThreshold) -> Bool { a.value < b.value }
}
