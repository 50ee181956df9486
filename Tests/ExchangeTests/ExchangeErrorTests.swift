import Exchange
import Testing

@Suite struct ExchangeErrorTests {
  @Test func equalityLooksAtTheCode() {
    #expect(ExchangeError(.malformed, "one") == ExchangeError(.malformed, "another"))
    #expect(ExchangeError(.malformed, "one") != ExchangeError(.init("exchange.other"), "one"))
  }
}
