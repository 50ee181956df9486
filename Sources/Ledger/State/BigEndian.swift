extension [UInt8] {
  /// Adds an integer in the type's own width, the highest byte first, as every format here has it.
  package mutating func append(bigEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }
}
