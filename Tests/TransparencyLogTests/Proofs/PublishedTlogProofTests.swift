import Testing
import TransparencyLog

/// A proof out of a real log: entry 7271 of `markovianprotocol.com/log`, cosigned by public witnesses.
///
/// The file's three ML-DSA-44 lines, of 3.3 kB each, are left out, as are two by witnesses whose keys were
/// not published beside it; a note stays valid without lines that nobody checks.
struct PublishedTlogProofTests {
  private static let entry = """
    {"core":{"claim":{"checkpoint_root":"2kgkkt2W55tpcyxK0kPtjpyfCbaAv5iR0UlOKkZdeaI=","checkpoint_size":7271,\
    "count":2696,"stream":"scored-signals","tip_hash":\
    "e4e396509aa04250331597ad10c812c25d910b92f7ffbc424488845e6b698cb1"},\
    "claimType":"https://markovianprotocol.com/claim/stream-statement/v1","issuedAt":"2026-08-13T00:34:20Z",\
    "issuer":"did:key:z6MkiGt1Jkzyn6L8m4JmyMwus3Ma6ZymomUJb6bxNUKhrZAt","subject":{"digest":{"sha256":\
    "86b993c50a2d030a5e3c5bf9ee16efa0b7952f327bda4504a1646df42cd091a6"},"name":"scored-signals:statement-at-7271"}},\
    "issuer_sig":{"alg":"ed25519","did":"did:key:z6MkiGt1Jkzyn6L8m4JmyMwus3Ma6ZymomUJb6bxNUKhrZAt","sig":\
    "evTC70go89qGBAtyoo6q5ih0rrfM/LTfYr3cP2XHCxYviTWA+ff5xOQvwtvP+5QSR79/rMGlQEfN6Ws49S9YBg=="}}
    """

  private static let file = """
    c2sp.org/tlog-proof@v1
    index 7271
    37RY38r5XAlYH6zRI6KXXdiC4MjaQBVHZsXKQ1NCytc=
    znB11CIfgBZEVkKgQYEVwZzkUSKDc7NH8KgnaXq7RRY=
    XhrhjHmgzURnGBjZ4im9jzsZ5Ao3CMuv+nzeuIAlENw=
    VivTrrdQmSWfSiq6sbBsqCUC+JtGinLpWR7nUlJ5R+o=
    GAIl0g08D/gUZuofYlGlISYC3HL0zmpZJ1qQXcROE/8=
    1+f7T40sPJEIdDT1w+/I5dFgDZCRG9uWzdrpKCJHz0s=
    wrlfFB7xc+2vj9MBadh1hzr315TVTESRmHVxHbeYFmE=
    9ZeSn1bVWcONHBrks0QL+0THtEPlGao5EWepd2d3A30=
    xPqYfTa+KBUfoAJfsZy1oV9BsSTYMXrxazygwspTbeg=
    zFwSj//fPb7tShtENascBl5TyOZ7Wx9kSg70STJQ3S8=
    vymrl0uO8/dEFQ3EE2BBlDLQ05tqPx9YI17qYgT9/A8=

    markovianprotocol.com/log
    7341
    uNXWHpdGz73l2cku1fdg/u3Uff0NdKOGOfjHkTiZPjE=

    — markovianprotocol.com/log \
    AwLGyPb0gN18xl6ph74l1bS/CkjpkipaNYnep4y4mM+rG2qbQM8rAF4TotF6chJlrxbzO5sDBVGZ+i+7lQVaZYpMlA0=
    — witness.navigli.sunlight.geomys.org \
    o+AP4gAAAABqfrcWP94SDYoDEe3DNu6yJ+9tPzxv+2bo+pNvDyq8vQnGPTNBkNm3bsRlOyQQ+sx/EkdaRONKKhFhusFkPcjEhLm0DQ==
    — witness.stagemole.eu \
    Z/euoAAAAABqfrcW6mEcFK2Si/pXkQLU5gkdcRuKoCeqYwR6wVrOn4+4i+CDy1wYtwD6tMdeH8VoRWQOE12t72+2nw4YYI/C06fSAg==
    — transparency.dev/DEV:witness-little-garden \
    2AQqhwAAAABqfrcX+KQbqCO/tUV1piQ9enEAPnmfjVBN1AXqXYfoiFgkjefILeNuO2VlB0YWxoM+8qVdyA6FDHgUsBVX8bPR3MOrBA==
    — staging.witness.transparency.goog/ring-any-bells \
    LhqNyQAAAABqfrcXJD4NXqNWZQLZWfsr93dy5SA+dkqSJQc1WwcJjNGdp63wejp3Q2IFNV49msePmKSGoh8+OyGaBFhwoKCWU7QuAQ==
    — remora.n621.de \
    2net5wAAAABqfrcYaUPhWYiuE/k3ct5hPQYSt4VdxKGDcPfZ0yBo4Lk2sQ7w5FwGtGWvHuBUrWW07u4c3s5iDnp5qZN38vqNwRQHBA==

    """

  private static let policy = """
    log markovianprotocol.com/log+0302c6c8+ATkpOWo95UuEiW2EhNZAol4f0CS8hMluJfPcTSzrr03v
    witness stagemole witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv
    witness garden transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM
    witness bells staging.witness.transparency.goog/ring-any-bells+2e1a8dc9+BG5JTpLc3FJtwzgh1Uv+Qelz9qeOH2bfWjS1s0s+y4rL
    witness remora remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2
    witness navigli witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G
    group everyone all stagemole garden bells remora navigli
    quorum everyone

    """

  @Test func theEntryIsInTheLog() throws {
    let entry = utf8(Self.entry)
    #expect(entry.count == 731)
    #expect(Hash.leaf(entry) == hash(base64: "Du6/Bku7hKc7cSeQ/+yA0uFbq8hzafGWQSNHRHJEwDQ="))
    let proof = try TlogProof(utf8(Self.file))
    #expect(proof.bytes == utf8(Self.file))
    #expect(proof.path.count == 11)
    let verified = try proof.verify(entry: entry, policy: Policy(text: utf8(Self.policy)))
    #expect(verified.checkpoint.size == 7341)
    #expect(verified.cosignatures.count == 5)
    // All five stated a time within three seconds of 2026-08-14T06:35:02Z.
    #expect(verified.cosignatures.allSatisfy { (1_786_689_302...1_786_689_304).contains($0.timestamp ?? 0) })
  }

  @Test func oneBitOfTheEntryDecides() throws {
    let proof = try TlogProof(utf8(Self.file))
    let policy = try Policy(text: utf8(Self.policy))
    var entry = utf8(Self.entry)
    entry[365] ^= 1
    #expect(refusal { try proof.verify(entry: entry, policy: policy) } == .rootMismatch)
  }
}
