import Ledger
import Testing
import TransparencyLog

@testable import Consortium

/// A key whose seed is one repeated byte.
private func key(_ number: UInt8) throws -> SigningKey {
  try SigningKey(seed: [UInt8](repeating: number, count: 32))
}

private func organisation(
  _ name: String, _ roles: Role, endorsing first: UInt8? = nil, officer: UInt8
) throws -> Consortium.FoundingOrganisation {
  let keys = try first.map { number in
    EndorserKeys(
      vote: try key(number).publicKey, cosign: try key(number + 1).publicKey, log: try key(number + 2).publicKey)
  }
  return Consortium.FoundingOrganisation(
    name: name, roles: roles, keys: keys, officers: [try key(officer).publicKey])
}

private func consortium(_ organisations: [Consortium.FoundingOrganisation]) throws -> Consortium {
  try Consortium(
    genesis: Genesis(
      name: "test", origin: "example.org/test", time: Timestamp(seconds: 1_700_000_000), limits: Limits(),
      contracts: [(Consortium.name, Consortium.genesisPayload(organisations))]))
}

@Suite struct ConsortiumGenesisTests {
  @Test func organisationsKeepTheirNamesRolesAndKeys() throws {
    let made = try consortium([
      organisation("platform.example", .platform, endorsing: 1, officer: 10),
      organisation("bank.example", [.custodian, .insurer], endorsing: 4, officer: 11),
      organisation("hospital.example", .hospital, officer: 12),
    ])
    #expect(made.organisations.count == 3)
    #expect(made.organisations[1].name.string == "bank.example")
    #expect(made.organisations[1].roles == [.custodian, .insurer])
    #expect(made.endorsers.members.map(\.name) == ["platform.example", "bank.example"])
    #expect(made.endorsers.members[1].keys.log == (try key(6).publicKey))
    #expect(!made.organisations[2].isEndorser)
  }

  @Test func officersAreFoundAndHeldToTheirRoles() throws {
    let made = try consortium([
      organisation("platform.example", .platform, endorsing: 1, officer: 10),
      organisation("bank.example", .custodian, officer: 11),
    ])
    let bank = try key(11).publicKey.address
    #expect(made.organisation(ofOfficer: bank) == 1)
    #expect(try made.requireOfficer(bank, role: .custodian) == 1)
    #expect(throws: LedgerError(.wrongRole, "")) { try made.requireOfficer(bank, role: .platform) }
    let stranger = try key(99).publicKey.address
    #expect(made.organisation(ofOfficer: stranger) == nil)
    #expect(throws: LedgerError(.notAnOfficer, "")) { try made.requireOfficer(stranger, role: .all) }
  }

  @Test func oneKeyMayNotStandForTwoPurposes() throws {
    #expect(throws: LedgerError(.badGenesis, "")) {
      try consortium([organisation("a.example", .platform, endorsing: 1, officer: 2)])
    }
    #expect(throws: LedgerError(.badGenesis, "")) {
      try consortium([
        organisation("a.example", .platform, endorsing: 1, officer: 10),
        organisation("b.example", .custodian, officer: 10),
      ])
    }
  }

  @Test(arguments: ["", "a b", "a+b", String(repeating: "x", count: 49), "组织"])
  func namesThatNoCosignerCouldHaveAreRefused(name: String) throws {
    #expect(throws: LedgerError(.badGenesis, "")) {
      try consortium([organisation(name, .platform, endorsing: 1, officer: 10)])
    }
  }

  @Test func aNameStandsOnce() throws {
    #expect(throws: LedgerError(.badGenesis, "")) {
      try consortium([
        organisation("a.example", .platform, endorsing: 1, officer: 10),
        organisation("a.example", .custodian, officer: 11),
      ])
    }
  }

  @Test func anOrganisationHasAKnownRole() throws {
    #expect(throws: LedgerError(.badGenesis, "")) {
      try consortium([organisation("a.example", [], endorsing: 1, officer: 10)])
    }
    #expect(throws: LedgerError(.badGenesis, "")) {
      try consortium([organisation("a.example", Role(rawValue: 1 << 12), endorsing: 1, officer: 10)])
    }
  }

  @Test func recordsKeepTheirCanonicalForm() throws {
    let made = try consortium([organisation("a.example", .platform, endorsing: 1, officer: 10)])
    let record = made.organisations[0]
    #expect(OrganisationRecord(from: record.canonicalBytes.span.bytes) == record)
    #expect(record.canonicalBytes.count == OrganisationRecord.byteCount)
    let attestation = Attestation(
      plan: 3, birthMonth: 24_000, owner: try key(7).publicKey.address, earliestJoin: Timestamp(seconds: 5),
      expiry: Timestamp(seconds: 9), nullifier: .sha256([1]))
    #expect(try Attestation(row: attestation.canonicalBytes) == attestation)
    #expect(throws: LedgerError(.badRow, "")) { try Attestation(row: Array(attestation.canonicalBytes.dropLast())) }
    var empty = attestation
    empty.nullifier = .zero
    #expect(throws: LedgerError(.badRow, "")) { try Attestation(row: empty.canonicalBytes) }
  }
}
