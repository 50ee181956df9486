internal import Crypto
public import Foundation
internal import Node
internal import SwiftASN1
internal import X509

/// A certificate authority of this machine alone: it says to a browser that trusts it that this server is this server.
///
/// Browsers give keys, and much else, only to pages that come over TLS, and no public authority certifies `localhost`.
/// The authority may certify the names it was made for and no others, so whoever steals its key can pretend to be this
/// machine and nobody else.
///
/// In its directory lie `ca.pem` and `server.pem`, which everybody may read, and `ca.key` and `server.key`, which only
/// the node's user may.
public struct LocalAuthority: Sendable {
  /// What a server shows and signs with.
  struct Identity: Sendable {
    /// The server's certificate.
    let certificate: Certificate
    let key: P256.Signing.PrivateKey
  }

  /// Days that a certificate of the server holds; browsers refuse more than 398.
  static let serverDays = 397
  /// Days before its end at which it is made anew.
  static let renewalDays = 60
  private static let authorityDays = 3650

  private let directory: String
  private let certificate: Certificate
  private let key: P256.Signing.PrivateKey

  /// Where the authority's certificate lies: what has to be trusted.
  public var certificatePath: String { directory + "/ca.pem" }

  /// The names and addresses that this machine always has.
  static let always = ["localhost", "127.0.0.1", "::1"]

  /// Opens the authority of a directory, or makes one.
  ///
  /// - Parameters:
  ///   - names: further host names and IP addresses under which the server is reached.
  ///   - now: the present.
  /// - Throws: ``NodeError`` `node.unusable_directory` for files that do not read, that others may read, or an
  ///   authority that may not certify these names.
  public init(directory: String, names: [String], now: Date) throws {
    self.directory = directory
    let all = LocalAuthority.always + names
    if FileManager.default.fileExists(atPath: directory + "/ca.key") {
      certificate = try LocalAuthority.readCertificate(directory + "/ca.pem")
      key = try LocalAuthority.readKey(directory + "/ca.key")
      guard certificate.publicKey == Certificate.PublicKey(key.publicKey) else {
        throw NodeError(.unusableDirectory, "\(directory)/ca.key is not the key of ca.pem")
      }
      try LocalAuthority.check(certificate, may: all, in: directory)
      guard now.addingTimeInterval(Double(LocalAuthority.serverDays) * 86_400) < certificate.notValidAfter else {
        throw NodeError(
          .unusableDirectory,
          "the authority in \(directory) ends \(certificate.notValidAfter): remove the directory, "
            + "start again and trust the new ca.pem")
      }
    } else {
      key = P256.Signing.PrivateKey()
      certificate = try LocalAuthority.makeAuthority(key, for: all, now: now)
      try LocalAuthority.write(key.pemRepresentation, to: directory, "ca.key", mode: 0o600)
      try LocalAuthority.write(certificate.serializeAsPEM().pemString, to: directory, "ca.pem", mode: 0o644)
    }
  }

  /// The server's certificate and key: those that lie there, or new ones where they end soon or lack a name.
  ///
  /// - Parameter names: as for ``init(directory:names:now:)``; a name that the authority may not certify is left out.
  func identity(names: [String], now: Date) throws -> Identity {
    let wanted = LocalAuthority.always + names
    if let kept = try? kept(wanted, now: now) { return kept }
    let serverKey = P256.Signing.PrivateKey()
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(serverKey.publicKey),
      notValidBefore: now.addingTimeInterval(-3600),
      notValidAfter: now.addingTimeInterval(Double(LocalAuthority.serverDays) * 86_400),
      issuer: self.certificate.subject,
      subject: try DistinguishedName { CommonName(wanted.last ?? "localhost") },
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth])
        SubjectAlternativeNames(wanted.map(LocalAuthority.generalName))
        SubjectKeyIdentifier(hash: .init(serverKey.publicKey))
        AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: self.certificate.publicKey).keyIdentifier)
      }, issuerPrivateKey: .init(key))
    try LocalAuthority.write(serverKey.pemRepresentation, to: directory, "server.key", mode: 0o600)
    try LocalAuthority.write(certificate.serializeAsPEM().pemString, to: directory, "server.pem", mode: 0o644)
    return Identity(certificate: certificate, key: serverKey)
  }

  private func kept(_ wanted: [String], now: Date) throws -> Identity? {
    let found = try LocalAuthority.readCertificate(directory + "/server.pem")
    let foundKey = try LocalAuthority.readKey(directory + "/server.key")
    let names = try found.extensions.subjectAlternativeNames.map { Set($0.map { "\($0)" }) } ?? []
    guard found.publicKey == Certificate.PublicKey(foundKey.publicKey),
      certificate.publicKey.isValidSignature(found.signature, for: found),
      names == Set(wanted.map { "\(LocalAuthority.generalName($0))" }),
      now.addingTimeInterval(Double(LocalAuthority.renewalDays) * 86_400) < found.notValidAfter
    else { return nil }
    return Identity(certificate: found, key: foundKey)
  }
}

extension LocalAuthority {
  private static func makeAuthority(
    _ key: P256.Signing.PrivateKey, for names: [String], now: Date
  ) throws -> Certificate {
    let hosts = names.filter { address($0) == nil }
    let ranges = names.compactMap { address($0) }.map { bytes in
      ASN1OctetString(contentBytes: (bytes + [UInt8](repeating: 255, count: bytes.count))[...])
    }
    let subject = try DistinguishedName {
      OrganizationName("Tongzhou")
      CommonName("Tongzhou node on \(ProcessInfo.processInfo.hostName)")
    }
    return try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
      notValidBefore: now.addingTimeInterval(-3600),
      notValidAfter: now.addingTimeInterval(Double(authorityDays) * 86_400), issuer: subject, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(keyCertSign: true))
        Critical(NameConstraints(permittedDNSDomains: hosts, permittedIPRanges: ranges))
        SubjectKeyIdentifier(hash: .init(key.publicKey))
      }, issuerPrivateKey: .init(key))
  }

  /// Whether the authority was made for these names: browsers refuse what it certifies beyond them.
  private static func check(_ certificate: Certificate, may names: [String], in directory: String) throws {
    let limits = try certificate.extensions.nameConstraints
    var hosts: Set<String> = []
    var ranges: Set<[UInt8]> = []
    if let limits {
      for host in limits.permittedDNSDomains { hosts.insert(host) }
      for range in limits.permittedIPRanges { ranges.insert(Array(range.bytes)) }
    }
    for name in names {
      let isThere = address(name).map { ranges.contains($0 + [UInt8](repeating: 255, count: $0.count)) }
      guard isThere ?? hosts.contains(name) else {
        throw NodeError(
          .unusableDirectory,
          "the authority in \(directory) was not made for \(name): remove the directory, start "
            + "again and trust the new ca.pem")
      }
    }
  }

  private static func generalName(_ name: String) -> GeneralName {
    address(name).map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) } ?? .dnsName(name)
  }

  /// An IP address' four or sixteen bytes; `nil` for a host name.
  static func address(_ text: String) -> [UInt8]? {
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
    var six = in6_addr()
    if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: six) { Array($0) } }
    return nil
  }

  private static func readCertificate(_ path: String) throws -> Certificate {
    guard let text = FileManager.default.contents(atPath: path), text.count < 65_536,
      let certificate = try? Certificate(pemEncoded: String(decoding: text, as: UTF8.self))
    else { throw NodeError(.unusableDirectory, "\(path) is not a certificate") }
    return certificate
  }

  private static func readKey(_ path: String) throws -> P256.Signing.PrivateKey {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let mode = attributes?[.posixPermissions] as? Int, mode & 0o077 == 0 else {
      throw NodeError(.unusableDirectory, "\(path) is missing or can be read by others; chmod 600 \(path)")
    }
    guard let text = FileManager.default.contents(atPath: path), text.count < 65_536,
      let key = try? P256.Signing.PrivateKey(pemRepresentation: String(decoding: text, as: UTF8.self))
    else { throw NodeError(.unusableDirectory, "\(path) is not a key") }
    return key
  }

  /// Writes a file whole or not at all; a key is nobody else's at any moment.
  private static func write(_ text: String, to directory: String, _ name: String, mode: mode_t) throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let (path, new) = ("\(directory)/\(name)", "\(directory)/\(name).new")
    unlink(new)
    let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw NodeError(.unusableDirectory, "cannot create \(new): \(String(cString: strerror(errno)))")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.synchronize()
    guard rename(new, path) == 0 else {
      throw NodeError(.unusableDirectory, "cannot write \(path): \(String(cString: strerror(errno)))")
    }
  }
}
