/// What went wrong in this library.
///
/// Two errors are equal when their codes are: callers decide by code, people read the message.
public struct TransparencyLogError: Error, Sendable {
  /// A stable name for a kind of failure; other rooms may add their own.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The name as it appears in documents and answers: `log.` and lower-case words joined by underscores.
    public let rawValue: String

    /// Makes a code of the given name.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }
  }

  /// The kind of failure.
  public let code: Code

  /// One sentence for people; never contains the bytes that were refused.
  public let message: String

  /// The source file and line that refused, for whoever looks for the rule.
  public let location: String

  /// Makes an error; `file` and `line` default to the caller's.
  public init(_ code: Code, _ message: String, file: String = #fileID, line: Int = #line) {
    self.code = code
    self.message = message
    self.location = "\(file):\(line)"
  }
}

extension TransparencyLogError: Equatable {
  /// Whether both have the same code.
  public static func == (a: TransparencyLogError, b: TransparencyLogError) -> Bool {
    a.code == b.code
  }
}

extension TransparencyLogError: CustomStringConvertible {
  /// Code, message and place in one line.
  public var description: String {
    "\(code.rawValue): \(message) (\(location))"
  }
}

extension TransparencyLogError.Code {
  /// A leaf index is not below the size of the tree.
  public static let indexOutOfRange = Self(rawValue: "log.index_out_of_range")
  /// The older of two trees is the larger one.
  public static let sizesOutOfOrder = Self(rawValue: "log.sizes_out_of_order")
  /// A proof has more or fewer hashes than its sizes ask for.
  public static let wrongPathLength = Self(rawValue: "log.wrong_path_length")
  /// A proof has more hashes than any tree can need.
  public static let pathTooLong = Self(rawValue: "log.path_too_long")
  /// A proof is well formed but leads to another root.
  public static let rootMismatch = Self(rawValue: "log.root_mismatch")
  /// A node was asked for that the tree of this size does not have.
  public static let nodeOutsideTree = Self(rawValue: "log.node_outside_tree")
  /// A tree would have more than 2^63 - 1 leaves.
  public static let treeTooLarge = Self(rawValue: "log.tree_too_large")

  /// A tile's or bundle's path is not in its one permitted form.
  public static let malformedPath = Self(rawValue: "log.malformed_path")
  /// A tile does not have the length of its width.
  public static let malformedTile = Self(rawValue: "log.malformed_tile")
  /// A bundle's bytes do not hold exactly the entries of its width.
  public static let malformedBundle = Self(rawValue: "log.malformed_bundle")
  /// An entry has more than 65,535 bytes.
  public static let entryTooLong = Self(rawValue: "log.entry_too_long")

  /// A key name is empty, too long, or has a space, a plus sign or a control character.
  public static let malformedName = Self(rawValue: "log.malformed_name")
  /// A verifier key's text, type or length is wrong.
  public static let malformedKey = Self(rawValue: "log.malformed_key")
  /// An Ed25519 key is of small order or not in canonical form, so that signatures by it prove nothing.
  public static let unacceptableKey = Self(rawValue: "log.unacceptable_key")
  /// The key ID in a verifier key is not that of its name, type and bytes.
  public static let keyIDMismatch = Self(rawValue: "log.key_id_mismatch")
  /// Two different known keys have the same name and ID.
  public static let ambiguousKey = Self(rawValue: "log.ambiguous_key")
  /// A note is not text, separator and signature lines.
  public static let malformedNote = Self(rawValue: "log.malformed_note")
  /// A signature line is not in its one permitted form.
  public static let malformedSignature = Self(rawValue: "log.malformed_signature")
  /// Two signature lines have the same name and key ID.
  public static let duplicateSignature = Self(rawValue: "log.duplicate_signature")
  /// A note has more signature lines, or more bytes, than the limit.
  public static let noteTooLarge = Self(rawValue: "log.note_too_large")
  /// A known key's signature does not verify.
  public static let invalidSignature = Self(rawValue: "log.invalid_signature")
  /// No line is by a known key.
  public static let noKnownSignature = Self(rawValue: "log.no_known_signature")
  /// A private key could not be read or used.
  public static let signingFailed = Self(rawValue: "log.signing_failed")
  /// A cosignature's time is 0 where it is made, or above 2^63 - 1.
  public static let timestampOutOfRange = Self(rawValue: "log.timestamp_out_of_range")

  /// A checkpoint's text is not origin, size, root and lines that are not empty.
  public static let malformedCheckpoint = Self(rawValue: "log.malformed_checkpoint")
  /// A checkpoint's origin is not the name of the key that signs it.
  public static let originMismatch = Self(rawValue: "log.origin_mismatch")
  /// No log key of the policy, named as the checkpoint's origin, has signed it.
  public static let noLogSignature = Self(rawValue: "log.no_log_signature")
  /// Too few of the policy's witnesses have cosigned.
  public static let quorumNotMet = Self(rawValue: "log.quorum_not_met")
  /// A policy's text or structure is wrong.
  public static let malformedPolicy = Self(rawValue: "log.malformed_policy")
  /// A policy lists one public key twice.
  public static let duplicateKey = Self(rawValue: "log.duplicate_key")
  /// A policy has more logs, witnesses, groups or bytes than the limit.
  public static let policyTooLarge = Self(rawValue: "log.policy_too_large")
  /// The text of a `.tlog-proof` file is wrong.
  public static let malformedProof = Self(rawValue: "log.malformed_proof")
}
