public import Ledger
internal import TransparencyLog

/// A case in a settlement: a leaf of the RFC 6962 tree under the settlement's cases root.
public struct SettledCase: FixedLayoutRecord, Hashable {
  /// The case's ordinal.
  public var number: UInt32
  /// Its aid by the convention's table, in millionths of a yuan.
  public var aid: Int64

  /// Bytes of a leaf.
  public static let byteCount = 12

  init(_ number: UInt32, aid: Int64) {
    self.number = number
    self.aid = aid
  }

  /// The hash of the leaf, made without an array.
  var leaf: Hash {
    withUnsafeTemporaryAllocation(byteCount: SettledCase.byteCount, alignment: 8) { buffer in
      encode(into: buffer)
      return Hash.leaf(UnsafeRawBufferPointer(buffer).bytes)
    }
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    number = reader.uint32(in: bytes)
    aid = reader.int64(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(number)
    writer.integer(aid)
  }
}

extension MutualAid {
  /// The cases that a settlement shared, in the order of its cases root. Reads the whole table of cases.
  public func settledCases(of settlement: UInt32) -> [SettledCase] {
    (0..<cases.count).filter { cases[$0].settlement == settlement + 1 }
      .sorted { cases[$0].notice < cases[$1].notice }
      .map { SettledCase(UInt32($0), aid: cases[$0].aid) }
  }
}
