public import TransparencyLog

extension EndorserSet {
  /// The set as a C2SP policy: all log keys stand for the one origin, a quorum of cosigners decides.
  public func policy(origin: String) throws -> Policy {
    let logs = try members.map { member in
      Policy.Log(
        key: try VerifierKey(name: NoteName(origin), type: .ed25519, publicKey: member.keys.log.bytes))
    }
    let witnesses = try members.map { member in
      Policy.Witness(name: Array(member.name.utf8), key: try member.cosignerKey())
    }
    let group = Policy.Group(name: Array("quorum".utf8), threshold: quorum, members: witnesses.map(\.name))
    return try Policy(logs: logs, witnesses: witnesses, groups: [group], quorum: .named(group.name))
  }
}

extension Endorser {
  /// The key of its cosignatures, as policies and notes name it.
  public func cosignerKey() throws(TransparencyLogError) -> VerifierKey {
    try VerifierKey(name: NoteName(cosignerName), type: .ed25519Cosignature, publicKey: keys.cosign.bytes)
  }
}

extension CertifiedBlock {
  /// The signed checkpoint after the block: log signatures first, then the certificate.
  ///
  /// - Parameter endorsers: the set before the block, which certified it.
  public func checkpoint(origin: String, endorsers: EndorserSet) throws -> [UInt8] {
    let text = block.head.text(origin: origin)
    var lines: [NoteSignature] = []
    for signature in logSignatures {
      let key = try VerifierKey(name: NoteName(origin), type: .ed25519, publicKey: signature.key.bytes)
      lines.append(try NoteSignature(name: key.name, keyID: key.id, signature: signature.signature))
    }
    for cosignature in certificate.cosignatures {
      guard let member = endorsers.member(cosignKey: cosignature.key) else {
        throw LedgerError(.badCertificate, "a cosignature of nobody in the set")
      }
      let key = try member.cosignerKey()
      let time = (0..<8).map { UInt8(truncatingIfNeeded: cosignature.time.seconds >> (56 - 8 * UInt64($0))) }
      lines.append(try NoteSignature(name: key.name, keyID: key.id, signature: time + cosignature.signature))
    }
    return try SignedNote(text: text, signatures: lines).bytes
  }
}
