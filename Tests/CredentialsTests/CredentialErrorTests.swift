import Credentials
import Testing

@Suite struct CredentialErrorTests {
  @Test func equalityLooksAtTheCode() {
    #expect(CredentialError(.malformed, "one") == CredentialError(.malformed, "another"))
    #expect(CredentialError(.malformed, "one") != CredentialError(.init("credential.other"), "one"))
  }
}
