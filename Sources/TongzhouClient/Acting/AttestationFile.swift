internal import Consortium
public import Foundation
internal import Ledger
public import MutualAid
public import TransparencyLog

/// What an identity authority hands to somebody it has attested: her row, and the proof that it stands in a
/// manifest on the chain. With it, and with her key, she joins.
public struct AttestationFile: Codable, Sendable {
  /// The version of the format.
  public static let format = "tongzhou-attestation/v1"
  /// The most bytes of a file.
  public static let maximumByteCount = 64 << 10

  /// See ``format``.
  public var format: String
  /// The chain's id, 64 hexadecimal digits.
  public var chain: String
  /// The row in its fixed layout.
  public var attestation: Data
  /// Ordinal of the manifest.
  public var manifest: UInt32
  /// The row's index in it.
  public var index: UInt32
  /// RFC 6962 inclusion path under the manifest's root.
  public var path: [Data]

  /// A file of a proven attestation.
  public init(_ proven: ProvenAttestation, chain: Hash) {
    format = AttestationFile.format
    self.chain = chain.description
    attestation = Data(proven.attestation.canonicalBytes)
    manifest = proven.manifest
    index = proven.index
    path = proven.path.map { Data($0.bytes) }
  }

  /// Reads a file; `proof.malformed` for what is none, `proof.wrong_chain` for one of another chain.
  public init(json: [UInt8], chain: Hash) throws(ProofError) {
    guard json.count <= AttestationFile.maximumByteCount,
      let file = try? JSONDecoder().decode(AttestationFile.self, from: Data(json)),
      file.format.utf8.elementsEqual(AttestationFile.format.utf8)
    else { throw ProofError(.malformed, "not an attestation of format 1") }
    guard file.chain.utf8.elementsEqual(chain.description.utf8) else {
      throw ProofError(.wrongChain, "the attestation is of chain \(file.chain)")
    }
    self = file
  }

  /// The file's bytes.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    return Array(try encoder.encode(self))
  }

  /// What a join carries; `proof.malformed` where a part has a wrong length.
  public func proven() throws(ProofError) -> ProvenAttestation {
    guard let row = try? Attestation(row: Array(attestation)) else {
      throw ProofError(.malformed, "the row has a wrong length")
    }
    return ProvenAttestation(
      attestation: row, manifest: manifest, index: index, path: try SealProof.hashes(path))
  }
}
