import Foundation
import Logging
import Node
import SwiftASN1
import Testing
import X509

@testable import Server

@Suite("The authority of one machine")
struct LocalAuthorityTests {
  private static let start = Date(timeIntervalSince1970: 1_800_000_000)
  private static let day = 86_400.0

  /// Runs something with a directory that is removed afterwards.
  private func with(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path() + "/tongzhou-tls-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder + "/tls")
  }

  private func code(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "none"
    } catch {
      return (error as? NodeError)?.code.name ?? "\(error)"
    }
  }

  @Test("certifies this machine's names, for about a year, and nothing else")
  func certifies() throws {
    try with { path in
      let authority = try LocalAuthority(directory: path, names: ["node.example", "10.0.0.7"], now: Self.start)
      let names = ["node.example", "10.0.0.7"]
      let identity = try authority.identity(names: names, now: Self.start)
      let certificate = identity.certificate
      let found = try #require(try certificate.extensions.subjectAlternativeNames).map { "\($0)" }
      #expect(
        found.count == 5 && found.contains { $0.contains("localhost") }
          && found.contains { $0.contains("node.example") })
      #expect(certificate.notValidAfter.timeIntervalSince(certificate.notValidBefore) < 398 * Self.day)
      #expect(try certificate.extensions.basicConstraints == .notCertificateAuthority)
      #expect(try certificate.extensions.extendedKeyUsage == ExtendedKeyUsage([.serverAuth]))
      let pem = try String(contentsOfFile: path + "/ca.pem", encoding: .utf8)
      let root = try Certificate(pemEncoded: pem)
      #expect(root.publicKey.isValidSignature(certificate.signature, for: certificate))
      #expect(try root.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
      let limits = try #require(try root.extensions.nameConstraints)
      #expect(Set(limits.permittedDNSDomains.map { $0 }) == ["localhost", "node.example"])
      #expect(limits.permittedIPRanges.count == 3)
      // Reading it again makes nothing new.
      let again = try LocalAuthority(directory: path, names: names, now: Self.start + Self.day)
      #expect(try again.identity(names: names, now: Self.start + Self.day).certificate == certificate)
    }
  }

  @Test("the server's certificate is made anew before it ends, and when its names change")
  func renews() throws {
    try with { path in
      let authority = try LocalAuthority(directory: path, names: ["node.example"], now: Self.start)
      let first = try authority.identity(names: [], now: Self.start).certificate
      let late = Self.start + 300 * Self.day
      #expect(try authority.identity(names: [], now: late).certificate == first)
      let due = Self.start + 340 * Self.day
      let second = try authority.identity(names: [], now: due).certificate
      #expect(second != first && second.notValidAfter > first.notValidAfter)
      let named = try authority.identity(names: ["node.example"], now: due).certificate
      #expect(named != second)
      // A file that does not read is no reason to stay away.
      try Data("x".utf8).write(to: URL(filePath: path + "/server.pem"))
      #expect(try authority.identity(names: ["node.example"], now: due).certificate != named)
    }
  }

  @Test("a server that runs for years renews by itself")
  func runningServer() throws {
    try with { path in
      let clock = TestClock(1_800_000_000)
      let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      let authority = try LocalAuthority(directory: path, names: [], now: Self.start)
      let certificate = try RenewingCertificate(authority, names: [], logger: logger) {
        Date(timeIntervalSince1970: Double(clock.seconds))
      }
      let first = certificate.current.certificate
      clock.advance(300 * 86_400)
      #expect(certificate.current.certificate == first)
      clock.advance(60 * 86_400)
      let second = certificate.current.certificate
      #expect(second != first)
      #expect(certificate.current.certificate == second)
      #expect(throws: Never.self) { try certificate.configuration() }
    }
  }

  @Test("what it may not do, or cannot read, is refused and not replaced")
  func refusals() throws {
    try with { path in
      _ = try LocalAuthority(directory: path, names: [], now: Self.start)
      let pem = try Data(contentsOf: URL(filePath: path + "/ca.pem"))
      let unusable = "node.unusable_directory"
      #expect(code { _ = try LocalAuthority(directory: path, names: ["bank.example"], now: Self.start) } == unusable)
      #expect(code { _ = try LocalAuthority(directory: path, names: ["10.0.0.7"], now: Self.start) } == unusable)
      let end = Self.start + 3400 * Self.day
      #expect(code { _ = try LocalAuthority(directory: path, names: [], now: end) } == unusable)
      chmod(path + "/ca.key", 0o640)
      #expect(code { _ = try LocalAuthority(directory: path, names: [], now: Self.start) } == unusable)
      chmod(path + "/ca.key", 0o600)
      #expect(code { _ = try LocalAuthority(directory: path, names: [], now: Self.start) } == "none")
      try with { other in
        _ = try LocalAuthority(directory: other, names: [], now: Self.start)
        try Data(contentsOf: URL(filePath: other + "/ca.pem")).write(to: URL(filePath: path + "/ca.pem"))
      }
      #expect(code { _ = try LocalAuthority(directory: path, names: [], now: Self.start) } == unusable)
      try Data("nothing".utf8).write(to: URL(filePath: path + "/ca.pem"))
      #expect(code { _ = try LocalAuthority(directory: path, names: [], now: Self.start) } == unusable)
      try pem.write(to: URL(filePath: path + "/ca.pem"))
      #expect(code { _ = try LocalAuthority(directory: path, names: [], now: Self.start) } == "none")
    }
  }

  @Test("addresses are told from names")
  func addresses() {
    #expect(LocalAuthority.address("127.0.0.1") == [127, 0, 0, 1])
    #expect(LocalAuthority.address("::1") == [UInt8](repeating: 0, count: 15) + [1])
    for name in ["localhost", "127.0.0.1.example", "", "1.2.3"] { #expect(LocalAuthority.address(name) == nil) }
  }
}
