public import Ledger
internal import SwiftProtobuf

extension Convention {
  /// The same convention with another cap per case, as a demonstration with fewer members needs it.
  ///
  /// - Throws: `convention.invalid` for a cap outside the range.
  public func withCap(perCase cap: Amount) throws(LedgerError) -> Convention {
    guard var wire = try? WireConvention(serializedBytes: bytes) else {
      preconditionFailure("a convention's own bytes decode")
    }
    wire.caps.perCase = cap.micro
    return try Convention(wire)
  }
}
