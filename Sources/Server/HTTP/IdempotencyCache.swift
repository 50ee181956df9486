internal import Hummingbird
internal import Synchronization
internal import TransparencyLog

/// Answers to requests that carried an Idempotency-Key, for those who ask again because the answer was lost.
///
/// A convenience only: a transaction can stand on the chain once in any case.
final class IdempotencyCache: Sendable {
  private static let limit = 1024
  private static let maximumKeyBytes = 128

  private struct Answer {
    let key: String
    let request: Hash
    let response: Response
  }

  private let answers = Mutex<[Answer]>([])

  /// The answer given before, if the key and the request are the same.
  ///
  /// - Throws: 422 `http.idempotency_mismatch` for the key of another request, 400 for a key that is too long.
  func answer(_ key: String, request: Hash) throws -> Response? {
    guard (1...IdempotencyCache.maximumKeyBytes).contains(key.utf8.count),
      key.utf8.allSatisfy({ (UInt8(ascii: "!")...UInt8(ascii: "~")).contains($0) })
    else {
      throw Problem.badRequest(
        "an Idempotency-Key has 1 to \(IdempotencyCache.maximumKeyBytes) printable ASCII characters and no space")
    }
    guard let known = answers.withLock({ $0.first { $0.key == key } }) else { return nil }
    guard known.request == request else {
      throw Problem(.unprocessableContent, .idempotencyMismatch, "this key was used for another request")
    }
    return known.response
  }

  /// Keeps an answer; the oldest makes room.
  func keep(_ response: Response, for key: String, request: Hash) {
    answers.withLock { answers in
      if answers.count >= IdempotencyCache.limit { answers.removeFirst() }
      answers.append(Answer(key: key, request: request, response: response))
    }
  }
}
