internal import HTTPTypes
internal import Hummingbird

extension Request {
  /// The whole body, as long as it comes in time and is not too long.
  ///
  /// - Throws: 408 `http.too_slow`, 413 `http.too_large`.
  func bytes(upTo limit: Int, within patience: Duration) async throws -> [UInt8] {
    try await withThrowingTaskGroup(of: [UInt8]?.self) { [body] group in
      group.addTask { Array(try await body.collect(upTo: limit).readableBytesView) }
      group.addTask {
        try await Task.sleep(for: patience)
        return nil
      }
      defer { group.cancelAll() }
      guard let bytes = try await group.next() ?? nil else {
        throw Problem(.requestTimeout, .tooSlow, "the body did not arrive in time", fields: [.connection: "close"])
      }
      return bytes
    }
  }
}
