internal import Credentials
internal import Foundation
internal import Ledger
internal import Node
internal import Server
internal import Storage

/// The part of a server that issues credentials, where an issuer's key lies in `DATA/keys`.
struct GreenPart {
  /// For the server's routes; `nil` without a key.
  let green: GreenChannel?
  /// What to tell the operator: the key that partners pin.
  let lines: [String]

  /// - Parameter data: the data directory.
  /// - Throws: `node.unusable_directory` for a key that others may read, that does not read, or for two of them.
  init(data: String) throws {
    let folder = "\(data)/keys"
    let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix("." + GreenPart.fileExtension) }
    guard let file = files.first else {
      (green, lines) = (nil, [])
      return
    }
    guard files.count == 1 else {
      throw NodeError(.unusableDirectory, "\(folder) holds the keys of several issuers; a node issues for one")
    }
    let path = "\(folder)/\(file)"
    guard case .bytes(let bytes) = SecretFile.content(of: path, limit: 4096) else {
      throw NodeError(.unusableDirectory, "\(path) does not read, or others may read it; chmod 600 \(path)")
    }
    let key: IssuerKey
    do {
      key = try IssuerKey(file: bytes)
    } catch {
      throw NodeError(.unusableDirectory, "\(path) is no issuer's key")
    }
    green = try GreenChannel(
      key: key, store: IssuanceStore(path: "\(data)/hearts/issued.sqlite"), clock: { Timestamp.wallClock.seconds })
    lines = ["issuer \(key.issuer) \(key.kid)"]
  }

  /// What an issuer's key is called behind the organisation's name.
  static let fileExtension = "issuer"
}
