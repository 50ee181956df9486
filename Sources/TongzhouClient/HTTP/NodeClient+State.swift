public import Consortium
public import Ledger
public import MutualAid
internal import TransparencyLog

extension NodeClient {
  /// A record of the state, proven.
  ///
  /// - Throws: `http.not_found` where the table has no such record.
  public func record<Record: FixedLayoutRecord>(
    _ type: Record.Type, table: String, ordinal: UInt64, on name: String, chain: TrustedChain
  ) async throws -> ProvenState.Proven<Record> {
    let bytes = try await get("/v1/proofs/\(table)/\(ordinal)?chain=\(name)", limit: ProvenState.maximumByteCount)
    return try ProvenState(file: bytes).verify(type, table: table, ordinal: ordinal, chain: chain)
  }

  /// A plan's record, proven.
  public func plan(_ ordinal: UInt16, on name: String, chain: TrustedChain) async throws -> PlanRecord {
    try await record(PlanRecord.self, table: "plans", ordinal: UInt64(ordinal), on: name, chain: chain).record
  }

  /// Number of the last reserve statement of a plan, 0 before the first; by the node's word.
  public func reserveStatements(of plan: UInt16, on name: String) async throws -> UInt32 {
    struct Plan: Decodable {
      struct Reserves: Decodable { let statements: UInt32 }
      let reserves: Reserves
    }
    return try await decoded(Plan.self, "/v1/plans/\(plan)?chain=\(name)").reserves.statements
  }

  /// The rules of a plan, proven: their hash stands in the state.
  public func convention(of plan: UInt16, on name: String, chain: TrustedChain) async throws -> Convention {
    let ordinal = try await self.plan(plan, on: name, chain: chain).convention
    let known = try await record(
      ConventionRecord.self, table: "conventions", ordinal: UInt64(ordinal), on: name, chain: chain
    ).record
    var bytes: [UInt8] = []
    for page in 0..<UInt64(TextPage.count(ofBytes: Int(known.length))) {
      bytes += try await record(
        TextPage.self, table: "convention_pages", ordinal: UInt64(known.firstPage) + page, on: name, chain: chain
      ).record.bytes
    }
    let convention = try Convention(decoding: Array(bytes.prefix(Int(known.length))))
    guard convention.hash == known.hash else {
      throw ClientError(.unproven, "the convention's pages do not have the hash in the state")
    }
    return convention
  }

  /// The name of an organisation, as the state has it, proven.
  public func organisation(_ ordinal: UInt16, on name: String, chain: TrustedChain) async throws -> OrganisationRecord {
    try await record(
      OrganisationRecord.self, table: "organisations", ordinal: UInt64(ordinal), on: name, chain: chain
    ).record
  }

  /// The manifest of attestations that has these rows, proven: the newest one with their root.
  ///
  /// - Parameter recent: how many of the newest manifests are looked at.
  /// - Returns: its ordinal; `nil` if it is not among them.
  public func attestations(
    _ manifest: Manifest, on name: String, chain: TrustedChain, recent: UInt64 = 256
  ) async throws -> UInt32? {
    let table = "attestations"
    var count = try await record(
      AttestationManifestRecord.self, table: table, ordinal: 0, on: name, chain: chain
    ).count
    let last = count > recent ? count - recent : 0
    while count > last {
      count -= 1
      let record = try await record(
        AttestationManifestRecord.self, table: table, ordinal: count, on: name, chain: chain
      ).record
      if record.root == manifest.root && record.count == manifest.count { return UInt32(count) }
    }
    return nil
  }
}
