public import Ledger

extension ErrorCode {
  /// A convention breaks one of its rules; the message begins with the field.
  public static let badConvention = ErrorCode(200, "convention.invalid")
  /// The bytes are not the one canonical encoding of a convention.
  public static let conventionNotCanonical = ErrorCode(201, "convention.not_canonical")
}
