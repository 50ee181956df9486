internal import TransparencyLog

extension RecordReader {
  /// Reads the 20 bytes of an address.
  public mutating func address(in bytes: RawSpan) -> Address {
    let field: InlineArray<20, UInt8> = self.bytes(in: bytes)
    return Address(inline: field)
  }

  /// Reads a time of eight bytes.
  public mutating func timestamp(in bytes: RawSpan) -> Timestamp {
    Timestamp(seconds: uint64(in: bytes))
  }

  /// Reads an amount of eight bytes.
  public mutating func amount(in bytes: RawSpan) -> Amount {
    Amount(micro: int64(in: bytes))
  }
}

extension RecordWriter {
  /// Writes the 20 bytes of an address.
  public mutating func address(_ value: Address) {
    bytes(value.inline)
  }

  /// Writes a time in eight bytes.
  public mutating func timestamp(_ value: Timestamp) {
    integer(value.seconds)
  }

  /// Writes an amount in eight bytes.
  public mutating func amount(_ value: Amount) {
    integer(value.micro)
  }
}
