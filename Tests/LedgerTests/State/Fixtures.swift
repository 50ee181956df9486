import TransparencyLog

@testable import Ledger

/// A record of any length: eight bytes of a value, then bytes that follow from it.
struct Filled<let length: Int>: FixedLayoutRecord, Equatable {
  static var byteCount: Int { length }

  var value: UInt64

  init(_ value: UInt64) {
    self.value = value
  }

  init(from bytes: RawSpan) {
    var reader = RecordReader()
    value = reader.uint64(in: bytes)
  }

  func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(value)
    for index in 8..<length {
      writer.integer(UInt8(truncatingIfNeeded: value &* UInt64(index)))
    }
  }
}

/// A record with a unique key.
struct Keyed: LinkedRecord, Equatable {
  static let byteCount = 44

  var key: Hash
  var next: UInt32
  var value: Int64

  init(key: Hash, value: Int64) {
    self.key = key
    self.value = value
    next = 0
  }

  init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    value = reader.int64(in: bytes)
  }

  func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(value)
  }
}

/// RFC 6962 to the letter and slowly, to compare with.
enum PlainTree {
  static func root(_ leaves: ArraySlice<[UInt8]>) -> Hash {
    guard leaves.count > 1 else {
      return leaves.first.map { Hash.leaf($0) } ?? Hash.sha256([])
    }
    let split = split(leaves.count)
    return Hash.node(root(leaves.prefix(split)), root(leaves.dropFirst(split)))
  }

  static func path(_ index: Int, _ leaves: ArraySlice<[UInt8]>) -> [Hash] {
    guard leaves.count > 1 else { return [] }
    let split = split(leaves.count)
    return index < split
      ? path(index, leaves.prefix(split)) + [root(leaves.dropFirst(split))]
      : path(index - split, leaves.dropFirst(split)) + [root(leaves.prefix(split))]
  }

  /// The largest power of two below the count.
  private static func split(_ count: Int) -> Int {
    var power = 1
    while power * 2 < count { power *= 2 }
    return power
  }
}
