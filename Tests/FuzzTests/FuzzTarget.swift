/// One decoder, held against whatever bytes come.
///
/// libFuzzer looks for the bytes (`make fuzz`, docs in CONTRIBUTING.md); `make test` tries each target's own good
/// inputs and some damaged ones, so that a target never rots.
struct FuzzTarget: Sendable {
  /// Its name on the command line, and the beginning of its files' names.
  let name: String
  /// The most bytes worth trying.
  let maximumBytes: Int
  /// Good inputs to begin with.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// Reads bytes, uses what was read, and throws a ``FuzzFailure`` where that does not hold what it promises.
  /// False for bytes that are refused.
  let check: @Sendable ([UInt8]) throws -> Bool

  init(
    _ name: String, maximumBytes: Int = 4_096, seeds: @escaping @Sendable () throws -> [[UInt8]],
    check: @escaping @Sendable ([UInt8]) throws -> Bool
  ) {
    self.name = name
    self.maximumBytes = maximumBytes
    self.seeds = seeds
    self.check = check
  }

  /// A format with one form: what is read is written as the same bytes.
  static func exact<Value: SendableMetatype>(
    _ name: String, maximumBytes: Int = 4_096, seeds: @escaping @Sendable () throws -> [[UInt8]],
    read: @escaping @Sendable ([UInt8]) throws -> Value, write: @escaping @Sendable (Value) throws -> [UInt8]
  ) -> FuzzTarget {
    FuzzTarget(name, maximumBytes: maximumBytes, seeds: seeds) { bytes in
      guard let value = try? read(bytes) else { return false }
      try hold(try write(value) == bytes, "what was read is written as other bytes")
      return true
    }
  }

  /// A format with several forms: what is read is written so that it reads as the same value.
  static func same<Value: Equatable & SendableMetatype>(
    _ name: String, maximumBytes: Int = 4_096, seeds: @escaping @Sendable () throws -> [[UInt8]],
    read: @escaping @Sendable ([UInt8]) throws -> Value, write: @escaping @Sendable (Value) throws -> [UInt8]
  ) -> FuzzTarget {
    FuzzTarget(name, maximumBytes: maximumBytes, seeds: seeds) { bytes in
      guard let value = try? read(bytes) else { return false }
      let written = try write(value)
      try hold(try read(written) == value, "what was written reads as another value")
      return true
    }
  }

  /// Every target there is.
  static let all =
    logTargets + witnessTargets + ledgerTargets + contractTargets + heartTargets + storageTargets + clientTargets
    + vaultTargets + givingTargets + credentialTargets + exchangeTargets
}

/// What a decoder promises and did not keep.
struct FuzzFailure: Error, CustomStringConvertible {
  let description: String
}

/// Throws where something that must be so is not.
func hold(_ condition: Bool, _ promise: @autoclosure () -> String) throws(FuzzFailure) {
  guard condition else { throw FuzzFailure(description: promise()) }
}

/// Whether something can be read; only what the decoders throw is swallowed.
func reads(_ body: () throws -> Void) -> Bool { (try? body()) != nil }
