/// Bytes to try decoders with: out of nothing, or good ones damaged as bytes get damaged by chance and on purpose.
///
/// The same seed gives the same bytes.
public struct Damage: Sendable {
  private var random: SeededGenerator

  /// Starts the sequence that belongs to `seed`.
  public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// A number from 0 up to, not including, `bound`.
  public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

  /// One of several.
  public mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  /// Random bytes, at most so many.
  public mutating func noise(atMost count: Int) -> [UInt8] {
    (0..<below(count + 1)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  }

  /// One time in eight noise, else one of the samples with one to three damages.
  public mutating func input(from samples: [[UInt8]]) -> [UInt8] {
    if below(8) == 0 { return noise(atMost: 120) }
    return damaged(pick(samples), splicing: samples)
  }

  /// Good bytes with one to three damages.
  public mutating func damaged(_ good: [UInt8], splicing others: [[UInt8]] = []) -> [UInt8] {
    var bytes = good
    for _ in 0...below(3) { damage(&bytes, others: others) }
    return bytes
  }

  /// A message with one to three of its fields damaged, so that most of what comes out still decodes; bytes that
  /// are no message are damaged as bytes.
  public mutating func damagedMessage(_ good: [UInt8]) -> [UInt8] {
    guard var message = ProtobufFields(good), !message.fields.isEmpty else { return damaged(good) }
    for _ in 0...below(3) where !message.fields.isEmpty { damage(&message.fields) }
    return message.bytes
  }

  private mutating func damage(_ bytes: inout [UInt8], others: [[UInt8]]) {
    let place = below(bytes.count + 1)
    switch below(8) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
    case 1 where place < bytes.count: bytes[place] = pick([0x00, 0x01, 0x7F, 0x80, 0xFF])
    case 2 where place < bytes.count: bytes.remove(at: place)
    case 3: bytes.insert(UInt8(below(256)), at: place)
    case 4: bytes.removeSubrange(place...)
    case 5: bytes += noise(atMost: 40)
    case 6 where !others.isEmpty:
      let other = pick(others)
      bytes = Array(bytes[..<place]) + other[below(other.count + 1)...]
    default:
      // Often up to the end, so that whole fields come twice.
      let end = below(2) == 0 ? bytes.count : min(bytes.count, place + below(60))
      bytes.insert(contentsOf: bytes[place..<end], at: end)
    }
  }

  private mutating func damage(_ fields: inout [ProtobufFields.Field]) {
    let place = below(fields.count)
    switch below(8) {
    case 0: fields.remove(at: place)
    case 1: fields.insert(fields[place], at: below(fields.count + 1))
    case 2: fields.swapAt(place, below(fields.count))
    case 3: fields[place].tag ^= 8 << UInt64(below(4))
    default: damage(&fields[place].content)
    }
  }

  private mutating func damage(_ content: inout ProtobufFields.Field.Content) {
    switch content {
    case .number(let value):
      let edges: [UInt64] = [
        0, 1, 2, 255, 256, 65_535, 65_536, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 63) - 1, 1 << 63, .max,
      ]
      content = .number(pick(edges + [value &+ 1, value &- 1, value &* 2, value &* 10_000]))
    case .fixed(let bytes): content = .fixed(bytes.map { _ in UInt8(below(256)) })
    case .bytes(let bytes):
      switch below(6) {
      case 0: content = .bytes([])
      case 1: content = .bytes(bytes + [0])
      case 2: content = .bytes(bytes.dropLast())
      case 3: content = .bytes([UInt8](repeating: pick([0, 0xFF]), count: bytes.count))
      case 4: content = .bytes(damagedMessage(bytes))
      default: content = .bytes(damaged(bytes))
      }
    }
  }
}
