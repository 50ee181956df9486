/// Where the status of a credential stands: a list and a place in it.
public struct StatusReference: Codable, Hashable, Sendable {
  /// The place.
  public let idx: Int
  /// The list's URL.
  public let uri: String

  /// The place in the list at a URL.
  public init(index: Int, list: String) {
    idx = index
    uri = list
  }
}
