public import Consortium
internal import Contracts
public import Ledger
public import MutualAid
internal import TransparencyLog

/// A person of a test network: a key, a nullifier and a month of birth that follow from her number.
public struct TestPerson: Sendable {
  /// Her number.
  public let number: UInt64
  /// The key of her membership.
  public let key: SigningKey
  /// Month of birth: year × 12 + month − 1.
  public let birthMonth: UInt16

  /// A person; born in June 1990 where nothing else is said.
  public init(_ number: UInt64, birthMonth: UInt16 = 1990 * 12 + 5) throws(LedgerError) {
    self.number = number
    self.birthMonth = birthMonth
    key = try SigningKey(label: "person \(number)")
  }

  /// What the identity authority says of her.
  public func attestation(plan: UInt16, expiry: Timestamp = .max) -> Attestation {
    let birth = CivilDate.midnight(month: Int(birthMonth))
    return Attestation(
      plan: plan, birthMonth: birthMonth, owner: key.publicKey.address, earliestJoin: birth.adding(days: 100),
      expiry: expiry, nullifier: .label("nullifier", number))
  }
}

extension TestChain {
  /// Opens a plan; its custodian and identity authority are the network's first.
  public mutating func openPlan(_ convention: Convention) throws(LedgerError) -> ErrorCode {
    try perform(
      MutualAid.openPlan(
        convention, custodian: network.organisation(.custodian).ordinal,
        identity: network.organisation(.identity).ordinal), by: network.organisation(.platform).officer)
  }

  /// Attests rows in one manifest and gives what a join of each carries.
  public mutating func attest(_ rows: [Attestation], plan: UInt16) throws(LedgerError) -> [ProvenAttestation] {
    let bytes = rows.map(\.canonicalBytes)
    let manifest = UInt32(chain.app.consortium.attestations.count)
    let code = try perform(
      Consortium.attestAction(plan: plan), by: network.organisation(.identity).officer, rows: bytes)
    precondition(code == .success, "the identity authority may attest: \(code.name)")
    let leaves = bytes.map { Hash.leaf($0) }
    return rows.enumerated().map { index, row in
      guard let proof = try? InclusionProof.build(index: UInt64(index), leaves: leaves) else {
        preconditionFailure("a leaf of the tree has a path")
      }
      return ProvenAttestation(attestation: row, manifest: manifest, index: UInt32(index), path: proof.path)
    }
  }

  /// Lets people join in one block, and pays in the same amount for each in the next.
  ///
  /// - Returns: the ordinals of their memberships.
  @discardableResult
  public mutating func join(_ people: [TestPerson], plan: UInt16, paying yuan: Int64) throws(LedgerError) -> [UInt32] {
    let proven = try attest(people.map { $0.attestation(plan: plan) }, plan: plan)
    let first = UInt32(state.memberships.count)
    var entries: [[UInt8]] = []
    for (person, row) in zip(people, proven) {
      entries += try transaction(TestChain.join(row), by: person.key)
    }
    let codes = try block(entries).codes
    precondition(codes.allSatisfy { $0 == [.success] }, "everybody may join")
    let ordinals = (0..<UInt32(people.count)).map { first + $0 }
    if yuan > 0 { try deposit(ordinals.map { ($0, yuan) }, plan: plan) }
    return ordinals
  }

  /// The action of a join with commitments that follow from the row.
  public static func join(_ proven: ProvenAttestation) throws(LedgerError) -> Action {
    let bytes = proven.attestation.nullifier.bytes
    return try MutualAid.join(
      proven, insured: .sha256(bytes + [1]), health: .sha256(bytes + [2]))
  }

  /// The custodian reports deposits in whole yuan with references of their own; the rows' outcomes.
  @discardableResult
  public mutating func deposit(
    _ credits: [(membership: UInt32, yuan: Int64)], plan: UInt16
  ) throws(LedgerError) -> [ErrorCode] {
    let first = state.plans[Int(plan)].nextDeposit
    var rows: [[UInt8]] = []
    for (index, credit) in credits.enumerated() {
      let reference = Hash.label("reference of plan \(plan)", first + UInt64(index))
      rows.append(
        Deposit(membership: credit.membership, amount: try Amount(yuan: credit.yuan), reference: reference)
          .canonicalBytes)
    }
    let entries = try transaction(
      MutualAid.deposits(plan: plan, first: first), by: network.organisation(.custodian).officer, rows: rows)
    return try block(entries).codes.dropFirst().flatMap { $0 }
  }
}
