internal import Consortium
internal import FoundationEssentials
internal import Ledger
internal import TransparencyLog

extension Hearts {
  func partner(_ number: UInt32) throws(LedgerError) -> PartnerRecord {
    guard Int(number) < partners.count else { throw LedgerError(.unknownPartner, "no partner \(number)") }
    return partners[Int(number)]
  }

  func openPartner(_ number: UInt32) throws(LedgerError) -> PartnerRecord {
    let record = try partner(number)
    guard record.closedAt == .zero else { throw LedgerError(.partnerClosed, "it takes part no longer") }
    return record
  }

  mutating func registerPartner(_ wire: WireRegisterPartner, at time: Timestamp) throws(LedgerError) {
    guard let account = Address(wire.account), account.key != .zero, let description = Hash(wire.description_p),
      description != .zero
    else { throw LedgerError(.malformed, "an account of 20 bytes and a hash of 32") }
    for number in 0..<partners.count where partners[number].account == account && partners[number].closedAt == .zero {
      throw LedgerError(.partnerKnown, "the account stands for partner \(number)")
    }
    guard partners.count < PartnerRecord.maximum else { throw LedgerError(.tooManyPartners, "no room for another") }
    partners.append(PartnerRecord(account: account, description: description, since: time))
  }

  /// The platform or the partner itself ends it, with all its channels.
  mutating func closePartner(
    _ wire: WireClosePartner, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let record = try openPartner(wire.partner)
    if record.account != sender { _ = try consortium.requireOfficer(sender, role: .platform) }
    partners.update(Int(wire.partner)) { record in
      record.closedAt = time
      record.channels = 0
    }
    for number in 0..<channels.count where channels[number].partner == wire.partner {
      channels.update(number) { if $0.closedAt == .zero { $0.closedAt = time } }
    }
  }

  mutating func openChannel(_ wire: WireOpenChannel, sender: Address, at time: Timestamp) throws(LedgerError) {
    let record = try openPartner(wire.partner)
    guard record.account == sender else { throw LedgerError(.notThePartner, "another account's partner") }
    guard let description = Hash(wire.description_p), description != .zero else {
      throw LedgerError(.malformed, "a description's hash has 32 bytes")
    }
    guard formula.hasThreshold(wire.threshold) else {
      throw LedgerError(.unknownThreshold, "the formula has no threshold \(wire.threshold)")
    }
    guard record.channels < ChannelRecord.maximum, channels.count < Int(UInt32.max) else {
      throw LedgerError(.tooManyPartners, "a partner has at most \(ChannelRecord.maximum) channels")
    }
    channels.append(
      ChannelRecord(
        partner: wire.partner, threshold: UInt16(wire.threshold), description: description, since: time))
    partners.update(Int(wire.partner)) { $0.channels += 1 }
  }

  mutating func closeChannel(_ wire: WireCloseChannel, sender: Address, at time: Timestamp) throws(LedgerError) {
    let number = Int(wire.channel)
    guard number < channels.count, channels[number].closedAt == .zero else {
      throw LedgerError(.unknownChannel, "no open channel \(number)")
    }
    let partner = Int(channels[number].partner)
    guard partners[partner].account == sender else { throw LedgerError(.notThePartner, "another account's partner") }
    channels.update(number) { $0.closedAt = time }
    partners.update(partner) { $0.channels -= 1 }
  }

  /// A giver consents for a partner; a consent that stands or was taken back is given anew.
  mutating func consent(_ wire: WireConsent, sender: Address, at time: Timestamp) throws(LedgerError) {
    _ = try openPartner(wire.partner)
    guard place(of: sender.key) != nil else { throw LedgerError(.unknownGiver, "it has never had hearts") }
    let until = try Timestamp(validating: wire.until)
    guard until > time, until <= time.adding(days: IndexConsentRecord.maximumDays) else {
      throw LedgerError(.badConsent, "a consent lasts up to \(IndexConsentRecord.maximumDays) days")
    }
    let record = IndexConsentRecord(giver: sender, partner: wire.partner, since: time, until: until)
    if let ordinal = consents.find(record.key) {
      consents.update(ordinal) { consent in
        consent.since = time
        consent.until = until
        consent.withdrawnAt = .zero
      }
    } else {
      guard (try? consents.insert(record)) != nil else { throw LedgerError(.tooManyPartners, "no room for a consent") }
    }
  }

  mutating func withdrawConsent(_ wire: WireWithdrawConsent, sender: Address, at time: Timestamp) throws(LedgerError) {
    let number = Int(wire.consent)
    guard number > 0, number < consents.count, consents[number].withdrawnAt == .zero else {
      throw LedgerError(.noConsent, "no consent \(number) stands")
    }
    guard consents[number].giver == sender else { throw LedgerError(.otherConsent, "another giver's consent") }
    consents.update(number) { $0.withdrawnAt = time }
  }
}

extension Hearts {
  /// The longest term of a project, in days: ten years.
  static let longestTerm: UInt64 = 3653

  mutating func openProject(_ wire: WireOpenProject, by charity: UInt16, at time: Timestamp) throws(LedgerError) {
    let (start, end) = (try Timestamp(validating: wire.start), try Timestamp(validating: wire.end))
    guard start > .zero, start < end, end <= start.adding(days: Hearts.longestTerm) else {
      throw LedgerError(.badTerm, "a term has an end, within ten years of its start")
    }
    guard let description = Hash(wire.description_p), description != .zero else {
      throw LedgerError(.malformed, "a description's hash has 32 bytes")
    }
    guard projects.count < projectLimit else { throw LedgerError(.tooManyProjects, "no room for another") }
    projects.append(
      ProjectRecord(
        charity: charity, place: wire.place, start: start, end: end, description: description, time: time))
  }

  mutating func disclose(_ wire: WireDisclose, by charity: UInt16, at time: Timestamp) throws(LedgerError) {
    let number = try project(wire.project)
    guard projects[number].charity == charity else { throw LedgerError(.otherProject, "another charity's project") }
    guard let report = Hash(wire.report), let exhibit = try exhibit(report) else {
      throw LedgerError(.malformed, "a report's hash has 32 bytes")
    }
    projects.update(number) { $0.disclosedAt = time }
    show(exhibit, by: charity, event: 0)
  }

  mutating func relate(
    _ wire: WireRelate, by auditor: UInt16, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    guard let evidence = Hash(wire.evidence), evidence != .zero else {
      throw LedgerError(.malformed, "the hash of what shows it has 32 bytes")
    }
    _ = try consortium.roles(of: wire.first)
    _ = try consortium.roles(of: wire.second)
    let (first, second) = (UInt16(min(wire.first, wire.second)), UInt16(max(wire.first, wire.second)))
    guard first != second else { throw LedgerError(.badRelation, "an organisation and itself") }
    for number in 0..<relations.count where relations[number].first == first && relations[number].second == second {
      throw LedgerError(.badRelation, "relation \(number) says so already")
    }
    relations.append(
      RelationRecord(first: first, second: second, auditor: auditor, time: time, evidence: evidence))
  }
}
