extension TransparencyLogError.Code {
  /// A request to a witness is not an old size, a proof and a signed checkpoint.
  public static let malformedRequest = Self(rawValue: "log.malformed_request")
  /// A witness would date a cosignature before the one it gave last.
  public static let clockBehind = Self(rawValue: "log.clock_behind")

  /// A witness's answer is not what tlog-witness describes, or holds no cosignature by its key.
  public static let malformedAnswer = Self(rawValue: "log.malformed_answer")
  /// A witness refuses to cosign.
  public static let witnessRefused = Self(rawValue: "log.witness_refused")
  /// A witness is busy or out of order for the moment.
  public static let witnessUnavailable = Self(rawValue: "log.witness_unavailable")
  /// A witness names another size after each request.
  public static let witnessUnsettled = Self(rawValue: "log.witness_unsettled")
  /// A witness has cosigned a larger tree of this log than the one it is shown.
  public static let witnessAhead = Self(rawValue: "log.witness_ahead")
  /// A witness has cosigned a tree of this log that is no part of the one it is shown.
  public static let witnessDisagrees = Self(rawValue: "log.witness_disagrees")
}
