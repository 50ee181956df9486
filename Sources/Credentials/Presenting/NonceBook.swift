internal import Crypto
internal import Foundation

/// The questions that partners ask: each can be answered once, within five minutes, and to who asked it.
///
/// A nonce holds its time and a code that only this book's key makes, so a question costs no memory and nobody can fill
/// it with questions; only answers are kept until their question is over.
public struct NonceBook: Sendable {
  /// How long a question may be answered, in seconds.
  public static let life: Int64 = 300
  /// Bytes of the key.
  public static let keyBytes = 32
  /// The most answers that are kept.
  public static let maximumUsed = 65_536
  private static let timeBytes = 8
  private static let randomBytes = 16
  private static let codeBytes = 16
  private static let domain = Array("tongzhou/partner-nonce/v1\0".utf8)

  private let key: SymmetricKey
  private var used: [String: Int64] = [:]

  private struct File: Codable {
    let format, key: String
    let used: [String: Int64]
  }
  private static let format = "tongzhou-nonces/v1"

  /// A book with a new key.
  public init() { key = SymmetricKey(size: .bits256) }

  /// Reads a file; `credential.malformed` for what is none.
  public init(file: [UInt8]) throws(CredentialError) {
    let file = try StrictJSON.decode(File.self, from: file)
    guard file.format == NonceBook.format, let key = Base64URL.decode(file.key), key.count == NonceBook.keyBytes,
      file.used.count <= NonceBook.maximumUsed
    else { throw CredentialError(.malformed, "not a book of questions") }
    self.key = SymmetricKey(data: key)
    used = file.used
  }

  /// The file's content, which is secret.
  public func file() throws(CredentialError) -> [UInt8] {
    let bytes = key.withUnsafeBytes { Array($0) }
    return try StrictJSON.encode(File(format: NonceBook.format, key: Base64URL.encode(bytes), used: used))
  }

  /// A new question of a partner at a moment, in POSIX seconds.
  public func issue(for audience: String, at time: Int64) -> String {
    var generator = SystemRandomNumberGenerator()
    let random = (0..<NonceBook.randomBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let content = (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * Int64($0))) } + random
    return Base64URL.encode(content + code(of: content, for: audience))
  }

  /// Refuses what is no open question of a partner: `credential.wrong_nonce`, `credential.replayed`.
  public func check(_ nonce: String, for audience: String, at time: Int64) throws(CredentialError) {
    _ = try end(of: nonce, for: audience, at: time)
  }

  /// Marks a question as answered; refuses what ``check(_:for:at:)`` refuses, and `credential.replayed` also when the
  /// book is full: better than to forget an answer.
  public mutating func take(_ nonce: String, for audience: String, at time: Int64) throws(CredentialError) {
    let end = try end(of: nonce, for: audience, at: time)
    if used.count >= NonceBook.maximumUsed { used = used.filter { $0.value > time } }
    guard used.count < NonceBook.maximumUsed else { throw CredentialError(.replayed, "too many answers at once") }
    used[nonce] = end
  }

  private func end(of nonce: String, for audience: String, at time: Int64) throws(CredentialError) -> Int64 {
    let contentBytes = NonceBook.timeBytes + NonceBook.randomBytes
    guard nonce.utf8.count <= 64, let bytes = Base64URL.decode(nonce),
      bytes.count == contentBytes + NonceBook.codeBytes
    else { throw CredentialError(.wrongNonce, "not a question of this partner") }
    let content = Array(bytes[..<contentBytes])
    let expected = code(of: content, for: audience)
    // In constant time, or the code could be found byte by byte.
    let difference = zip(expected, bytes[contentBytes...]).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
    guard difference == 0 else { throw CredentialError(.wrongNonce, "not a question of this partner") }
    let asked = content[..<NonceBook.timeBytes].reduce(Int64(0)) { $0 << 8 | Int64($1) }
    guard asked <= time, asked > time &- NonceBook.life else {
      throw CredentialError(.wrongNonce, "the question is over")
    }
    guard used[nonce] == nil else { throw CredentialError(.replayed, "the question was answered before") }
    return asked + NonceBook.life
  }

  private func code(of content: [UInt8], for audience: String) -> [UInt8] {
    var mac = HMAC<SHA256>(key: key)
    mac.update(data: NonceBook.domain)
    mac.update(data: Array(audience.utf8) + [0])
    mac.update(data: content)
    return Array(Array(mac.finalize()).prefix(NonceBook.codeBytes))
  }
}
