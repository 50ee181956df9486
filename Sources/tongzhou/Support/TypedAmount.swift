internal import Ledger

extension Amount {
  /// Yuan as somebody typed them, exact to the millionth.
  ///
  /// - Throws: the code given, where the text is no amount.
  init(typed text: String, _ code: ErrorCode) throws(LedgerError) {
    guard let amount = Amount(yuanText: text) else { throw LedgerError(code, "\(text) is no amount of yuan") }
    self = amount
  }
}
