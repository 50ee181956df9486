/// How much a vault takes.
public struct VaultLimits: Sendable {
  /// The most bytes of one document, at most ``DocumentHeader/maximumLength``.
  public var documentBytes = DocumentHeader.maximumLength
  /// The most documents of one case, erased ones counted too.
  public var documents = 200
  /// The most bytes that the sealed documents of one case have together.
  public var caseBytes = 512 << 20
  /// The most cases.
  public var cases = 1_000_000
  /// Which types it takes.
  public var types = Set(MediaType.allCases)

  /// The usual limits.
  public init() {}
}
