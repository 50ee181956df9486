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
  /// The cases that each of some settlements shared, in the order of its cases root. Reads the whole table of cases,
  /// once for all.
  ///
  /// - Parameter settlements: ordinals, each named once.
  public func settledCases(of settlements: [UInt32]) -> [[SettledCase]] {
    let places = Dictionary(settlements.enumerated().map { ($1, $0) }) { first, _ in first }
    var found = [[Int]](repeating: [], count: settlements.count)
    for ordinal in 0..<cases.count {
      let settlement = cases[ordinal].settlement
      if settlement > 0, let place = places[settlement - 1] { found[place].append(ordinal) }
    }
    return found.map { ordinals in
      ordinals.sorted { cases[$0].notice < cases[$1].notice }.map { SettledCase(UInt32($0), aid: cases[$0].aid) }
    }
  }
}
