/// What went wrong in this library.
///
/// Two errors are equal when their codes are: callers decide by code, people read the message.
public struct TransparencyLogError: Error, Sendable {
  /// A stable name for a kind of failure; other rooms may add their own.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The name as it appears in documents and answers: lowercase words joined by hyphens.
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
  public static let indexOutOfRange = Self(rawValue: "index-out-of-range")
  /// The older of two trees is the larger one.
  public static let sizesOutOfOrder = Self(rawValue: "sizes-out-of-order")
  /// A proof has more or fewer hashes than its sizes ask for.
  public static let wrongPathLength = Self(rawValue: "wrong-path-length")
  /// A proof has more hashes than any tree can need.
  public static let pathTooLong = Self(rawValue: "path-too-long")
  /// A proof is well formed but leads to another root.
  public static let rootMismatch = Self(rawValue: "root-mismatch")
  /// A node was asked for that the tree of this size does not have.
  public static let nodeOutsideTree = Self(rawValue: "node-outside-tree")
  /// A tree would have more than 2^63 - 1 leaves.
  public static let treeTooLarge = Self(rawValue: "tree-too-large")

  /// A tile's or bundle's path is not in its one permitted form.
  public static let malformedPath = Self(rawValue: "malformed-path")
  /// A tile does not have the length of its width.
  public static let malformedTile = Self(rawValue: "malformed-tile")
  /// A bundle's bytes do not hold exactly the entries of its width.
  public static let malformedBundle = Self(rawValue: "malformed-bundle")
  /// An entry has more than 65,535 bytes.
  public static let entryTooLong = Self(rawValue: "entry-too-long")

  /// A key name is empty, too long, or has a space, a plus sign or a control character.
  public static let malformedName = Self(rawValue: "malformed-name")
  /// A verifier key's text, type or length is wrong.
  public static let malformedKey = Self(rawValue: "malformed-key")
  /// An Ed25519 key is of small order or not in canonical form, so that signatures by it prove nothing.
  public static let unacceptableKey = Self(rawValue: "unacceptable-key")
  /// The key ID in a verifier key is not that of its name, type and bytes.
  public static let keyIDMismatch = Self(rawValue: "key-id-mismatch")
  /// Two different known keys have the same name and ID.
  public static let ambiguousKey = Self(rawValue: "ambiguous-key")
  /// A note is not text, separator and signature lines.
  public static let malformedNote = Self(rawValue: "malformed-note")
  /// A signature line is not in its one permitted form.
  public static let malformedSignature = Self(rawValue: "malformed-signature")
  /// Two signature lines have the same name and key ID.
  public static let duplicateSignature = Self(rawValue: "duplicate-signature")
  /// A note has more signature lines, or more bytes, than the limit.
  public static let noteTooLarge = Self(rawValue: "note-too-large")
  /// A known key's signature does not verify.
  public static let invalidSignature = Self(rawValue: "invalid-signature")
  /// No line is by a known key.
  public static let noKnownSignature = Self(rawValue: "no-known-signature")
  /// A private key could not be read or used.
  public static let signingFailed = Self(rawValue: "signing-failed")
  /// A cosignature's time is 0 where it is made, or above 2^63 - 1.
  public static let timestampOutOfRange = Self(rawValue: "timestamp-out-of-range")

  /// A checkpoint's text is not origin, size, root and lines that are not empty.
  public static let malformedCheckpoint = Self(rawValue: "malformed-checkpoint")
  /// A checkpoint's origin is not the name of the key that signs it.
  public static let originMismatch = Self(rawValue: "origin-mismatch")
  /// No log key of the policy, named as the checkpoint's origin, has signed it.
  public static let noLogSignature = Self(rawValue: "no-log-signature")
  /// Too few of the policy's witnesses have cosigned.
  public static let quorumNotMet = Self(rawValue: "quorum-not-met")
  /// A policy's text or structure is wrong.
  public static let malformedPolicy = Self(rawValue: "malformed-policy")
  /// A policy lists one public key twice.
  public static let duplicateKey = Self(rawValue: "duplicate-key")
  /// A policy has more logs, witnesses, groups or bytes than the limit.
  public static let policyTooLarge = Self(rawValue: "policy-too-large")
  /// The text of a `.tlog-proof` file is wrong.
  public static let malformedProof = Self(rawValue: "malformed-proof")
}
