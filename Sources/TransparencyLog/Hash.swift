internal import CSHA256

/// A SHA-256 hash: 32 bytes.
///
/// Kept as four words rather than as an array, so that a hash costs no allocation and a tree of
/// millions of them is flat memory. Ordering is that of the bytes.
public struct Hash: Hashable, Sendable {
  /// The length of a hash in bytes.
  public static let byteCount = 32

  /// Thirty-two zero bytes; stands for "no hash" where a format fixes a field's width.
  public static let zero = Hash(words: (0, 0, 0, 0))

  @usableFromInline let word0: UInt64
  @usableFromInline let word1: UInt64
  @usableFromInline let word2: UInt64
  @usableFromInline let word3: UInt64

  @inlinable
  init(words: (UInt64, UInt64, UInt64, UInt64)) {
    (word0, word1, word2, word3) = words
  }

  /// Reads a hash from exactly 32 bytes; `nil` for any other length.
  @inlinable
  public init?(_ bytes: RawSpan) {
    guard bytes.byteCount == Hash.byteCount else { return nil }
    self.init(
      words: (
        bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self),
        bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self),
        bytes.unsafeLoadUnaligned(fromByteOffset: 16, as: UInt64.self),
        bytes.unsafeLoadUnaligned(fromByteOffset: 24, as: UInt64.self)
      ))
  }

  /// Reads a hash from exactly 32 bytes; `nil` for any other length.
  public init?(_ bytes: some Collection<UInt8>) {
    if let hash = bytes.withContiguousStorageIfAvailable({ Hash(UnsafeRawBufferPointer($0).bytes) }) {
      guard let hash else { return nil }
      self = hash
    } else {
      let array = Array(bytes)
      self.init(array.span.bytes)
    }
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    withUnsafeBytes { Array($0) }
  }

  /// Calls `body` with the 32 bytes.
  @inlinable
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    // Of `self`, not of a tuple copied from it: the optimiser of Swift 6.3.1 drops the stores to such a copy.
    try Swift.withUnsafeBytes(of: self, body)
  }
}

extension Hash: Comparable {
  /// The order of the bytes, first byte first.
  public static func < (a: Hash, b: Hash) -> Bool {
    (a.word0.bigEndian, a.word1.bigEndian, a.word2.bigEndian, a.word3.bigEndian)
      < (b.word0.bigEndian, b.word1.bigEndian, b.word2.bigEndian, b.word3.bigEndian)
  }
}

extension Hash: CustomStringConvertible {
  /// 64 lowercase hexadecimal digits.
  public var description: String { bytes.hexadecimal }
}

extension Hash {
  /// SHA-256 of the bytes.
  public static func sha256(_ bytes: RawSpan) -> Hash {
    bytes.withUnsafeBytes { Hash(digestOf: $0) }
  }

  /// SHA-256 of the bytes.
  public static func sha256(_ bytes: [UInt8]) -> Hash {
    sha256(bytes.span.bytes)
  }

  /// SHA-256 of the bytes of two hashes, one behind the other.
  public static func sha256(_ first: Hash, _ second: Hash) -> Hash {
    withUnsafeTemporaryAllocation(byteCount: 2 * byteCount, alignment: 8) { buffer in
      buffer.storeBytes(of: first, as: Hash.self)
      buffer.storeBytes(of: second, toByteOffset: byteCount, as: Hash.self)
      return Hash(digestOf: UnsafeRawBufferPointer(buffer))
    }
  }

  /// The hash of a leaf of an RFC 6962 tree: SHA-256 of a zero byte and the data.
  public static func leaf(_ data: RawSpan) -> Hash {
    withUnsafeTemporaryAllocation(byteCount: data.byteCount + 1, alignment: 8) { buffer in
      // One call over one buffer: copying costs less than a hash that is begun, fed twice and ended.
      buffer[0] = 0
      data.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(rebasing: buffer[1...]).copyMemory(from: source)
      }
      return Hash(digestOf: UnsafeRawBufferPointer(buffer))
    }
  }

  /// The hash of a leaf of an RFC 6962 tree: SHA-256 of a zero byte and the data.
  public static func leaf(_ data: [UInt8]) -> Hash {
    leaf(data.span.bytes)
  }

  /// The hash of an inner node of an RFC 6962 tree: SHA-256 of a one byte and both children.
  public static func node(_ left: Hash, _ right: Hash) -> Hash {
    withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
      buffer[0] = 1
      buffer.storeBytes(of: left, toByteOffset: 1, as: Hash.self)
      buffer.storeBytes(of: right, toByteOffset: 33, as: Hash.self)
      return Hash(digestOf: UnsafeRawBufferPointer(buffer))
    }
  }

  /// The root of the empty tree: SHA-256 of nothing.
  public static let emptyRoot = Hash.sha256([])

  private init(digestOf bytes: UnsafeRawBufferPointer) {
    self = withUnsafeTemporaryAllocation(byteCount: Hash.byteCount, alignment: 8) { digest in
      // An empty buffer may have no address, which C wants even for no bytes.
      let data = bytes.baseAddress ?? UnsafeRawPointer(digest.baseAddress.unsafelyUnwrapped)
      tongzhou_sha256(
        data.assumingMemoryBound(to: UInt8.self), bytes.count,
        digest.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self))
      return digest.load(as: Hash.self)
    }
  }
}
