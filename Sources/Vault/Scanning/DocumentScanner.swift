/// What a scanner said of a document.
public enum ScanResult: Sendable, Equatable {
  /// Nothing was found.
  case clean
  /// A signature of this name fits.
  case infected(String)
  /// It could not be asked, or did not give an answer; in a few words, why.
  case unavailable(String)
}

/// Looks for malicious content in a document that is about to be opened.
public protocol DocumentScanner {
  /// Looks at a document. Never throws: what goes wrong is `unavailable`.
  func scan(_ content: [UInt8]) -> ScanResult
}

/// No scanner: every document counts as not looked at, and the policy decides.
public struct NoScanner: DocumentScanner {
  /// No scanner.
  public init() {}
  /// Says that there is none.
  public func scan(_ content: [UInt8]) -> ScanResult { .unavailable("no scanner is set up") }
}

/// What happens when a scanner gives no answer. An infected document is never opened.
public enum ScanPolicy: Sendable {
  /// The document is not opened.
  case refuseUnscanned
  /// The document is opened, and the result says that nobody looked at it.
  case warnUnscanned
}
