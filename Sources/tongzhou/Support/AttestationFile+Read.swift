internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

extension AttestationFile {
  /// What an identity authority gave as a file, for a chain.
  static func proven(at path: String, chain: Hash) throws -> ProvenAttestation {
    try AttestationFile(json: SmallFile.read(path, limit: maximumByteCount), chain: chain).proven()
  }
}
