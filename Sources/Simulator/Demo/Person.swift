/// One person of the demonstration.
struct Person {
  /// Which of the demonstration's plans she joins.
  let plan: UInt16
  /// Month of birth: year × 12 + month − 1.
  let birthMonth: UInt16
  let isMale: Bool
  /// Days since 1970 in UTC+8.
  let joinDay: Int
  /// The day on which she falls seriously ill; `nil` within the time simulated.
  var illDay: Int?
  /// Her membership's ordinal, once she has joined.
  var membership: UInt32?
}
