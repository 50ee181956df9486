internal import Ledger
internal import TransparencyLog

/// By what a transaction is found, as one integer: three bits for its sort and sixty for the thing itself.
///
/// Of hashes and addresses only the first sixty bits are kept, a third of their size. Whoever looks one up
/// compares the whole of it with the transaction's, so that a sender who made her key collide with another's
/// is never taken for him.
struct PostingKey {
  let value: Int64

  private static let bits = 60
  private static let transactionSort: Int64 = 1 << bits
  private static let senderSort: Int64 = 2 << bits
  private static let subjectSort: Int64 = 3 << bits

  init(transaction hash: Hash) {
    value = PostingKey.transactionSort | hash.withUnsafeBytes(PostingKey.firstBits)
  }

  init(sender: Address) {
    value = PostingKey.senderSort | sender.key.withUnsafeBytes(PostingKey.firstBits)
  }

  /// `nil` for an ordinal that no record can have.
  init?(subject: IndexedSubject) {
    guard subject.ordinal <= IndexedSubject.maximumOrdinal else { return nil }
    value = PostingKey.subjectSort | subject.kind.number << 52 | Int64(subject.ordinal)
  }

  /// The keys of all transactions whose hash begins so.
  static func transactions(_ prefix: HexadecimalPrefix) -> ClosedRange<Int64> {
    let digits = prefix.digits.prefix(bits / 4)
    let free = bits - 4 * digits.count
    let first = digits.reduce(Int64(0)) { $0 << 4 | Int64($1) } << free
    return (transactionSort | first)...(transactionSort | first | (1 << free - 1))
  }

  private static func firstBits(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    Int64(UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) >> (64 - bits))
  }
}

extension SubjectKind {
  /// Stands in files: a change needs another `SearchSchema.version`.
  fileprivate var number: Int64 {
    switch self {
    case .plan: 1
    case .membership: 2
    case .case: 3
    case .settlement: 4
    case .organisation: 5
    case .manifest: 6
    case .refund: 7
    case .account: 8
    case .gift: 9
    }
  }
}

/// The first hexadecimal digits of a hash, or all of them.
struct HexadecimalPrefix {
  /// From 0 to 15 each; at most 64.
  let digits: [UInt8]

  /// Reads digits in either case, with or without `0x`; `nil` for anything else, nothing, and more than 64.
  init?(_ text: some StringProtocol) {
    var characters = Array(text.utf8)[...]
    if characters.starts(with: "0x".utf8) { characters = characters.dropFirst(2) }
    guard (1...2 * Hash.byteCount).contains(characters.count) else { return nil }
    var digits: [UInt8] = []
    for character in characters {
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(character - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(character - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digits.append(character - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    self.digits = digits
  }

  /// The hash, if all its digits are there.
  var wholeHash: Hash? {
    guard digits.count == 2 * Hash.byteCount else { return nil }
    return Hash((0..<Hash.byteCount).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] })
  }

  /// Whether a hash begins so.
  func begins(_ hash: Hash) -> Bool {
    hash.withUnsafeBytes { bytes in
      digits.indices.allSatisfy { index in
        let byte = bytes[index / 2]
        return digits[index] == (index.isMultiple(of: 2) ? byte >> 4 : byte & 15)
      }
    }
  }
}
