internal import Credentials
internal import Foundation
internal import Ledger

/// What a shop does next where a check fails: said in a line of its own below the error.
enum CredentialAdvice {
  /// Says why on standard error, what to do next where that is known, and ends with status 1.
  static func fail(_ error: any Error) -> any Error {
    let failure = Output.fail(error)
    if let error = error as? CredentialError, let next = next(after: error.code) { Output.note("  next: \(next)") }
    return failure
  }

  private static func next(after code: CredentialError.Code) -> String? {
    switch code {
    case .statusStale, .statusUnknown:
      "get the newest status list with `tongzhou partner fetch URL`; another than the first with --list"
    case .replayed, .wrongNonce: "ask a new question with `tongzhou partner nonce`"
    case .wrongAudience, .otherThreshold: "ask a new question, and let the customer answer that one"
    case .noKeyBinding: "let the customer make the answer herself: `tongzhou credential present`"
    case .expired: "let the customer answer once more, or fetch new credentials first"
    case .unknownKey, .badSignature:
      "ask the issuer which keys are its own; if they have changed, fetch them into a new file (--issuer-keys)"
    default: nil
    }
  }

  /// Refuses a file that is not there, and says where it comes from.
  static func require(_ path: String, from commands: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw LedgerError(.malformed, "there is no \(path); it comes with \(commands)")
    }
  }
}
