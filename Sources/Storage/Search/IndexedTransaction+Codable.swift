internal import Ledger
internal import TransparencyLog

/// As people read it: the hash as 64 hexadecimal digits, the sender as `tz1…`, the time in POSIX seconds.
extension IndexedTransaction: Codable {
  private enum CodingKeys: String, CodingKey {
    case index, hash, height, time, sender, contract, kind, code, codeName, rows
  }

  /// Writes all fields.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(index, forKey: .index)
    try fields.encode(hash.description, forKey: .hash)
    try fields.encode(height, forKey: .height)
    try fields.encode(time.seconds, forKey: .time)
    try fields.encode(sender.description, forKey: .sender)
    try fields.encode(contract, forKey: .contract)
    try fields.encode(kind, forKey: .kind)
    try fields.encode(code, forKey: .code)
    try fields.encode(codeName, forKey: .codeName)
    try fields.encode(rows, forKey: .rows)
  }

  /// Reads all fields; each has to be there.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let text = try fields.decode(String.self, forKey: .hash)
    guard let digits = HexadecimalPrefix(text), let hash = digits.wholeHash else {
      throw DecodingError.dataCorruptedError(
        forKey: .hash, in: fields, debugDescription: "not 64 hexadecimal digits")
    }
    self.init(
      index: try fields.decode(UInt64.self, forKey: .index),
      hash: hash,
      height: try fields.decode(UInt64.self, forKey: .height),
      time: try Timestamp(validating: fields.decode(UInt64.self, forKey: .time)),
      sender: try Address(text: fields.decode(String.self, forKey: .sender)),
      contract: try fields.decode(String.self, forKey: .contract),
      kind: try fields.decode(UInt32.self, forKey: .kind),
      code: try fields.decode(UInt16.self, forKey: .code),
      codeName: try fields.decode(String.self, forKey: .codeName),
      rows: try fields.decode(UInt32.self, forKey: .rows))
  }
}
