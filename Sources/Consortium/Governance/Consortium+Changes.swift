public import Ledger
internal import TransparencyLog

extension Consortium {
  /// The most officers of one organisation, over all times.
  static let maximumOfficers = 64

  /// Whether a change can be made now. Changes of other contracts are theirs to judge.
  ///
  /// - Throws: the codes from 102 to 132 that docs/errors.md gives for changes.
  func check(_ change: Change, at time: Timestamp) throws(LedgerError) {
    switch change {
    case .addOrganisation(let new): try check(new: new)
    case .removeOrganisation(let ordinal):
      try require(ordinal, in: [.active, .suspended])
      try requireQuorum(without: ordinal, removing: true)
    case .suspend(let ordinal):
      try require(ordinal, in: [.active])
      try requireQuorum(without: ordinal, removing: false)
    case .unsuspend(let ordinal): try require(ordinal, in: [.suspended])
    case .organisationRoles(let ordinal, _): try require(ordinal, in: [.active, .suspended])
    case .addOfficer(let ordinal, let officer):
      try require(ordinal, in: [.active, .suspended])
      try requireFresh([officer.key])
      let known = (0..<officers.count).count { officers[$0].organisation == ordinal }
      guard known < Consortium.maximumOfficers else {
        throw LedgerError(.tooManyOrganisations, "an organisation has at most \(Consortium.maximumOfficers) officers")
      }
    case .removeOfficer(let address), .officerRoles(let address, _): _ = try requireKnown(address)
    case .rotateOfficer(let address, let key):
      _ = try requireKnown(address)
      try requireFresh([key])
    case .rotateKey(let ordinal, _, let key):
      try require(ordinal, in: [.active, .suspended])
      guard organisations[Int(ordinal)].isEndorser else { throw Change.invalid("it does not endorse") }
      try requireFresh([key])
    case .rule, .parameters: break
    case .extendPause(let number, let until):
      let pause = try requireRunning(number, at: time)
      guard until > pause.until, until <= time.adding(seconds: UInt64(Rule.longest)) else {
        throw Change.invalid("a pause goes on for at most 366 days")
      }
    case .endPause(let number): _ = try requireRunning(number, at: time)
    case .convention, .offices, .windDown: break
    }
  }

  /// Makes a change; everything was checked.
  ///
  /// - Parameter proposal: its ordinal.
  mutating func make(_ change: Change, proposal: UInt32, at time: Timestamp) {
    switch change {
    case .addOrganisation(let new): add(new, at: time)
    case .removeOrganisation(let ordinal):
      retire(at: time) { $0.organisation == ordinal }
      organisations.update(Int(ordinal)) { $0.standing = .removed }
    case .suspend(let ordinal): organisations.update(Int(ordinal)) { $0.standing = .suspended }
    case .unsuspend(let ordinal): organisations.update(Int(ordinal)) { $0.standing = .active }
    case .organisationRoles(let ordinal, let roles): organisations.update(Int(ordinal)) { $0.roles = roles }
    case .addOfficer(let ordinal, let officer): add(officer, to: ordinal, at: time)
    case .removeOfficer(let address): update(address) { $0.roles = [] }
    case .officerRoles(let address, let roles): update(address) { $0.roles = roles }
    case .rotateOfficer(let address, let key): rotate(address, to: key, at: time)
    case .rotateKey(let ordinal, let purpose, let key):
      let old = organisations[Int(ordinal)][purpose]
      retire(at: time) { $0.key == old }
      boxed.wrapped.keys.append(KeyRecord(key, purpose: purpose, organisation: ordinal, since: time))
      organisations.update(Int(ordinal)) { $0[purpose] = key.raw }
    case .rule(let rule): boxed.wrapped.rules[Int(rule.kind.rawValue) - 1] = RuleRecord(rule)
    case .parameters(let parameters): boxed.wrapped.parameters[0] = ParametersRecord(parameters)
    case .extendPause(let number, let until): end(pause: number, at: until, by: proposal)
    case .endPause(let number): end(pause: number, at: time, by: proposal)
    case .convention, .offices, .windDown: break
    }
    reindex()
  }

  private mutating func update(_ address: Address, _ body: (inout OfficerRecord) -> Void) {
    guard let ordinal = officer(address) else { preconditionFailure("the officer was looked for") }
    officers.update(ordinal, body)
  }

  private mutating func rotate(_ address: Address, to key: PublicKey, at time: Timestamp) {
    guard let ordinal = officer(address) else { preconditionFailure("the officer was looked for") }
    let record = officers[ordinal]
    retire(at: time) { $0.key == record.key }
    boxed.wrapped.keys.append(
      KeyRecord(
        key, purpose: .officer, organisation: record.organisation, officer: UInt32(ordinal) + 1, since: time))
    officers.update(ordinal) { $0.key = key.raw }
  }

  /// Notes the end of keys that stand.
  private mutating func retire(at time: Timestamp, _ isMeant: (KeyRecord) -> Bool) {
    var governance = boxed.wrapped
    let count = governance.keys.count
    for ordinal in 0..<count {
      let record = governance.keys[ordinal]
      if record.until == .zero, isMeant(record) { governance.keys.update(ordinal) { $0.until = time } }
    }
    boxed = .value(governance)
  }
}

extension Consortium {
  /// Whether an organisation can be taken in.
  func check(new: FoundingOrganisation) throws(LedgerError) {
    guard let name = InlineName(new.name),
      !(0..<organisations.count).contains(where: { organisations[$0].name == name })
    else { throw LedgerError(.badName, "an organisation's name is not usable, or stands already") }
    guard organisations.count < Consortium.maximumOrganisations, new.people.count <= Consortium.maximumOfficers,
      new.keys == nil || endorsers.count < EndorserSet.maximumCount
    else { throw LedgerError(.tooManyOrganisations, "no room for another organisation, endorser or officer") }
    var keys = new.officers
    if let own = new.keys { keys += [own.vote, own.cosign, own.log] }
    try requireFresh(keys)
  }

  /// Takes in an organisation; everything was checked.
  mutating func add(_ new: FoundingOrganisation, at time: Timestamp) {
    guard let name = InlineName(new.name) else { preconditionFailure("the name was checked") }
    let ordinal = UInt16(organisations.count)
    organisations.append(OrganisationRecord(name: name, roles: new.roles, keys: new.keys))
    if let own = new.keys {
      note(own.vote, .vote, of: ordinal, since: time)
      note(own.cosign, .cosign, of: ordinal, since: time)
      note(own.log, .log, of: ordinal, since: time)
    }
    for officer in new.people { add(officer, to: ordinal, at: time) }
  }

  private mutating func note(_ key: PublicKey, _ purpose: KeyPurpose, of organisation: UInt16, since time: Timestamp) {
    boxed.wrapped.keys.append(KeyRecord(key, purpose: purpose, organisation: organisation, since: time))
  }

  private mutating func add(_ officer: FoundingOfficer, to organisation: UInt16, at time: Timestamp) {
    officers.append(OfficerRecord(officer, organisation: organisation))
    boxed.wrapped.keys.append(
      KeyRecord(
        officer.key, purpose: .officer, organisation: organisation, officer: UInt32(officers.count), since: time))
  }

  private func require(_ ordinal: UInt16, in standings: [OrganisationRecord.Standing]) throws(LedgerError) {
    guard Int(ordinal) < organisations.count else {
      throw LedgerError(.unknownOrganisation, "no organisation \(ordinal)")
    }
    guard standings.contains(organisations[Int(ordinal)].standing) else {
      throw LedgerError(.wrongStanding, "the organisation is not in the standing for this")
    }
  }

  private func requireKnown(_ address: Address) throws(LedgerError) -> Int {
    guard let ordinal = officer(address) else { throw LedgerError(.unknownOfficer, "no officer of this address") }
    return ordinal
  }

  /// A key stands for one thing, once and for ever.
  private func requireFresh(_ keys: [PublicKey]) throws(LedgerError) {
    let governance = boxed.wrapped
    for (index, key) in keys.enumerated() {
      guard governance.find(key) == nil, !keys[..<index].contains(key) else {
        throw LedgerError(.keyInUse, "a key stands or stood for something, or is named twice")
      }
    }
  }

  /// The chain goes on only while a quorum of those that count can endorse.
  private func requireQuorum(without ordinal: UInt16, removing: Bool) throws(LedgerError) {
    guard organisations[Int(ordinal)].isEndorser else { return }
    let (active, suspended) = endorsing()
    let left = active.filter { $0.ordinal != UInt32(ordinal) }.count
    let count = active.count + suspended.count - (removing ? 1 : 0)
    guard left >= 2 * count / 3 + 1 else {
      throw LedgerError(.organisationNeeded, "fewer would endorse than make a quorum")
    }
  }

  /// The organisations that endorse, and those of them that are suspended.
  private func endorsing() -> (active: [Endorser], suspended: [Endorser]) {
    Consortium.endorsing((0..<organisations.count).map { organisations[$0] })
  }

  private static func endorsing(_ organisations: [OrganisationRecord]) -> (active: [Endorser], suspended: [Endorser]) {
    var active: [Endorser] = []
    var suspended: [Endorser] = []
    for (ordinal, record) in organisations.enumerated() {
      guard let keys = record.keys, record.standing != .removed else { continue }
      let endorser = Endorser(ordinal: UInt32(ordinal), name: record.name.string, keys: keys)
      if record.standing == .active { active.append(endorser) } else { suspended.append(endorser) }
    }
    return (active, suspended)
  }

  /// The set that certifies the next block.
  func endorserSet() -> EndorserSet { Consortium.endorsers((0..<organisations.count).map { organisations[$0] }) }

  /// The set that certifies the block after a state with these organisations, all of them in their order.
  ///
  /// Those that are suspended stay in n and their word does not count, unless the rest is less than a quorum: then
  /// nobody could even decide what to do about them (docs/adr/0009).
  public static func endorsers(_ organisations: [OrganisationRecord]) -> EndorserSet {
    let (active, suspended) = endorsing(organisations)
    let set = EndorserSet(active, suspended: suspended.count)
    return active.count >= set.quorum ? set : EndorserSet(active + suspended)
  }
}
