import Testing

@testable import TongzhouClient

@Suite("Where webhooks may go")
struct WebhookTargetTests {
  private func code(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "fine"
    } catch {
      return (error as? WebhookError)?.code.name ?? "\(error)"
    }
  }

  private func verdict(_ url: String, _ allowed: String = "") -> String {
    code { _ = try WebhookTarget(url, allowing: InnerAllowance(text: allowed)) }
  }

  @Test(
    "public addresses are public",
    arguments: [
      "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
      "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255",
      "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2400:3200::1",
      "2001:200::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    ])
  func publicAddress(text: String) throws {
    #expect(try #require(IPAddress(text)).isPublic)
  }

  @Test(
    "addresses of this machine, of inner networks, of many and of nobody are not",
    arguments: [
      "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255",
      "127.0.0.1", "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.192",
      "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9",
      "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::127.0.0.1",
      "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "0:0:0:0:0:ffff:7f00:1",
      "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1",
      "febf::1", "fec0::1", "ff02::1", "ff0e::1", "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1",
      "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "4000::1",
    ])
  func innerAddress(text: String) throws {
    #expect(try !#require(IPAddress(text)).isPublic)
  }

  @Test(
    "what only some programs take for an address is none",
    arguments: [
      "", "1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.01", "127.0.0.1.",
      " 127.0.0.1", "127.0.0.1 ", "256.0.0.1", "1.2.3.4.5", "[::1]", "fe80::1%eth0", "::1/128", "1.2.3.-4",
      "١٢٧.0.0.1", "127。0。0。1", "::ffff:0177.0.0.1", ":::1", "1::2::3",
    ])
  func noAddress(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test("networks hold what begins alike")
  func networks() throws {
    let network = try #require(IPNetwork("10.1.0.0/15"))
    #expect(network.contains(try #require(IPAddress("10.1.255.255"))))
    #expect(!network.contains(try #require(IPAddress("10.2.0.0"))))
    #expect(!network.contains(try #require(IPAddress("::ffff:10.1.0.0"))))
    #expect(try #require(IPNetwork("0.0.0.0/0")).contains(try #require(IPAddress("255.1.2.3"))))
    for text in ["10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/08", "::/129", "host/8", "1.2.3.4/5/6"] {
      #expect(IPNetwork(text) == nil, "\(text)")
    }
  }

  @Test(
    "addresses in the forms that are meant",
    arguments: [
      "https://example.org", "https://example.org/", "https://example.org:8443/hooks/a?b=c", "https://a.b-c.example/x",
      "https://1.1.1.1/hook", "https://[2606:4700::1111]:443/hook", "https://xn--fiq228c.example/%E4%B8%AD",
    ])
  func good(url: String) {
    #expect(verdict(url) == "fine")
  }

  @Test(
    "addresses in the forms that are traps",
    arguments: [
      "", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd", "http://example.org/",
      "HTTPS://example.org/", "https://", "https:///x", "https://?x", "https://user@example.org/",
      "https://user:password@example.org/", "https://example.org@127.0.0.1/", "https://example.org#@127.0.0.1/",
      "https://example.org/#fragment", "https://example.org\\@127.0.0.1/", "https://exa mple.org/",
      "https://example.org/\u{0}", "https://例子.example/", "https://Example.org/", "https://example.org./",
      "https://example..org/", "https://-a.example/", "https://a_b.example/", "https://%65xample.org/",
      "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/",
      "https://017700000001/", "https://127.0.0.1.:443/", "https://1.1.1.1.1/", "https://a.0x7f/", "https://a.1/",
      "https://[::1/", "https://[]/", "https://[127.0.0.1]/", "https://[fe80::1%25eth0]/", "https://[::1]x/",
      "https://::1/", "https://example.org:0/", "https://example.org:65536/", "https://example.org:/",
      "https://example.org:+443/", "https://example.org:0443/", "https://example.org:80:80/",
      "https://" + String(repeating: "a", count: 64) + ".example/",
      "https://example.org/" + String(repeating: "a", count: 2048),
    ])
  func traps(url: String) {
    #expect(verdict(url) == "webhook.bad_address")
  }

  @Test(
    "numbers of inner networks are refused at once, and let in only by name or number",
    arguments: [
      "https://127.0.0.1/", "https://10.0.0.1:8443/", "https://169.254.169.254/latest/", "https://[::1]/",
      "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[fd00::1]/", "https://[64:ff9b::7f00:1]/",
      "https://0.0.0.0/", "https://[::]/",
    ])
  func inner(url: String) {
    #expect(verdict(url) == "webhook.inner_address")
    #expect(verdict(url, "10.9.0.0/16, localhost, ::2") == "webhook.inner_address")
    #expect(verdict(url, "0.0.0.0/0, ::/0") == "fine")
  }

  @Test("http only where the host is named")
  func plain() {
    #expect(verdict("http://127.0.0.1:9/", "127.0.0.0/8") == "fine")
    #expect(verdict("http://[::ffff:127.0.0.1]:9/", "127.0.0.0/8") == "fine")
    #expect(verdict("http://receiver.internal/", "receiver.internal") == "fine")
    #expect(verdict("http://other.internal/", "receiver.internal") == "webhook.bad_address")
    for text in ["10.0.0.0/40", "Name", "http://x", "127.1", "10.0.0.0/8;::1"] {
      #expect(code { _ = try InnerAllowance(text: text) } == "webhook.bad_address", "\(text)")
    }
  }

  /// Answers as it was told to.
  private struct Told: HostResolver {
    let found: [String]

    func addresses(of name: String) async -> [IPAddress] { found.compactMap { IPAddress($0) } }
  }

  @Test("a name that stands for an inner address gets nothing, also where it stands for a public one too")
  func resolved() async throws {
    let secret = try WebhookSecret(text: "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    func answer(_ found: [String], host: String = "innocent.example", allowed: String = "") async throws
      -> WebhookSender.Answer
    {
      let inner = try InnerAllowance(text: allowed)
      let sender = WebhookSender(resolver: Told(found: found), allowing: inner, seconds: 5, clock: { 1_800_000_000 })
      // Nobody listens at port 9 of this machine.
      let target = try WebhookTarget("https://\(host):9/", allowing: inner)
      return try await sender.send(id: "msg_1", body: [0x7B, 0x7D], to: target, secrets: [secret])
    }
    for found in [
      ["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2606:4700::1111", "fe80::1"],
      ["169.254.169.254"], ["64:ff9b::7f00:1"],
    ] {
      #expect(try await answer(found) == .refused(.innerAddress), "\(found)")
    }
    #expect(try await answer([]) == .refused(.unresolved))
    // Let in, it is tried: the connection goes to the address that the resolver gave, and nowhere else.
    #expect(try await answer(["127.0.0.1"], allowed: "127.0.0.1") == .unreachable)
    #expect(try await answer(["127.0.0.1"], allowed: "innocent.example") == .unreachable)
    #expect(try await answer(["127.0.0.1", "10.0.0.1"], allowed: "127.0.0.1") == .refused(.innerAddress))
  }

  @Test("Retry-After in seconds and as a date")
  func retryAfter() {
    let now: UInt64 = 784_111_777 - 60
    #expect(WebhookSender.seconds("120", now: now) == 120)
    #expect(WebhookSender.seconds("Sun, 06 Nov 1994 08:49:37 GMT", now: now) == 60)
    #expect(WebhookSender.seconds("Sun, 06 Nov 1994 08:49:37 GMT", now: now + 100) == 0)
    for text in ["", "-1", "1.5", "soon", "99999999999999999999999", "Sun, 06 Nov 1994"] {
      #expect(WebhookSender.seconds(text, now: now) == nil, "\(text)")
    }
  }

  @Test("signatures are those that other programs make")
  func signatures() throws {
    let body = Array(#"{"type":"notice.published"}"#.utf8)
    func signature(_ secret: String) throws -> String {
      try WebhookSecret(text: secret).signature(id: "msg_0123", timestamp: 1_800_000_000, body: body)
    }
    // Made by the Python packages standardwebhooks and cryptography.
    let seed = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    let pair = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA=="
    #expect(try signature("whsec_" + seed) == "v1,+ipNL50wA7Xj1FUQmMZ+Caqjg7YBA1GBskrumtCiJ+E=")
    let asymmetric =
      "v1a,sXbuLwAwfFExRDZoiak/oCcRMoPKSG1x4lowGAAsAx3f/fwsqzhGejsSNvTpBKnPwp+f6UpI79Kl9OTjEG1XCA=="
    #expect(try signature("whsk_" + seed) == asymmetric)
    #expect(try signature("whsk_" + pair) == asymmetric)
    #expect(
      try WebhookSecret(text: "whsk_" + seed).publicKey == "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=")
    #expect(try WebhookSecret(text: "whsec_" + seed).publicKey == nil)
  }

  @Test(
    "what is no secret is refused and not quoted",
    arguments: [
      "", "whsec_", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=", "whsec_not base64 at all, not at all, no",
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
      "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
      "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8EoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==",
      "whsec_" + String(repeating: "A", count: 88),
    ])
  func badSecrets(text: String) {
    #expect(code { _ = try WebhookSecret(text: text) } == "webhook.bad_secret")
    do {
      _ = try WebhookSecret(text: text)
    } catch {
      #expect(text.utf8.count < 12 || !"\(error)".contains(text.dropFirst(6)))
    }
  }
}
