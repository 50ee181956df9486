internal import HeartChain
internal import Ledger
internal import TransparencyLog

extension HeartDemo {
  /// The figures at the end, read from the state.
  func report() throws -> HeartReport {
    let state = chain
    let totals = state.totals
    guard let example = food.example, let lot = food.exampleLot else {
      throw LedgerError(.badBatch, "the example giver's rice was never sorted")
    }
    let books = (0..<state.books.count).map { state.books[$0] }
    let partner = HeartConsortium.Partner.bikes
    return HeartReport(
      kinds: kinds, charities: charities(state), gifts: state.gifts.count, givers: max(0, state.givers.count - 1),
      lots: state.lots.count, accepted: books.reduce(0) { $0 + $1.accepted },
      refused: books.reduce(0) { $0 + $1.refused },
      hearts: [
        ("minted", totals.minted), ("debt", totals.debt), ("held", totals.held), ("waiting", totals.waiting),
        ("anonymous", totals.anonymous), ("spent", totals.spent), ("given", totals.given),
        ("reversed", totals.reversed),
      ],
      signs: state.signs(at: network.now).map { sign($0, state) },
      results: results.filter { $0.key != .success }.map { (name: $0.key.name, count: $0.value) }
        .sorted { ($1.count, $0.name) < ($0.count, $1.name) },
      events: events(state), partner: (partner.rawValue, partner.name, UInt16(partner.threshold)),
      examples: try [HeartPerson.example, .neighbour].map { try giver($0, partner, state) }, exampleGift: example.gift,
      exampleLot: lot)
  }

  private var kinds: [HeartReport.Kind] {
    HeartKind.allCases.compactMap { kind in
      let told = tally[Int(kind.rawValue)]
      guard told.gifts > 0 else { return nil }
      let (names, units) = (kind.names, kind.unitNames)
      return HeartReport.Kind(
        nameZh: names.zh, nameEn: names.en, unitZh: units.zh, unitEn: units.en, gifts: told.gifts,
        quantity: told.quantity)
    }
  }

  private func charities(_ state: Hearts) -> [HeartReport.Charity] {
    [Member.foodbank, .trees, .school].map { member in
      let projects = (0..<state.projects.count).map { state.projects[$0] }.filter { $0.charity == member.rawValue }
      return HeartReport.Charity(
        name: member.name, projects: projects.count, gifts: projects.reduce(0) { $0 + Int($1.gifts) },
        given: projects.reduce(0) { $0 + $1[.fen].given }, spent: projects.reduce(0) { $0 + $1.spent },
        overhead: projects.reduce(0) { $0 + $1.overhead })
    }
  }

  /// A sign by name, with whom it concerns.
  private func sign(_ sign: TraceSign, _ state: Hearts) -> HeartReport.Sign {
    func made(_ name: String, _ organisations: [UInt16], _ count: Int = 1) -> HeartReport.Sign {
      let names = organisations.map { Member(rawValue: Int($0)).map(\.name) ?? "\($0)" }
      return HeartReport.Sign(name: name, organisations: names, project: nil, count: count)
    }
    func of(_ project: UInt32, _ name: String) -> HeartReport.Sign {
      let found = made(name, [state.projects[Int(project)].charity])
      return HeartReport.Sign(name: name, organisations: found.organisations, project: project, count: 1)
    }
    return switch sign {
    case .undistributed(let project, _, _): of(project, "undistributed")
    case .unplanted(let project, _): of(project, "unplanted")
    case .silent(let project, _): of(project, "silent")
    case .onlyOverhead(let project, _): of(project, "only_overhead")
    case .roundTrip(let first, let second, _, _, let related):
      made(related ? "related_round_trip" : "round_trip", [first, second])
    case .ring(let ring, _, let related): made(related ? "related_ring" : "ring", ring.organisations)
    case .overdrawn(let organisation, let events, _): made("overdrawn", [organisation], Int(events))
    case .repeated(let organisation, let events, _): made("repeated", [organisation], Int(events))
    }
  }

  private func giver(
    _ person: HeartPerson, _ partner: HeartConsortium.Partner, _ state: Hearts
  ) throws -> HeartReport.Giver {
    let address = people[person.rawValue]
    let index = state.loveIndex(of: address, at: network.now)
    let hasConsented = state.consent(of: address, for: partner.rawValue, at: network.now) != nil
    return HeartReport.Giver(
      secret: HeartDemo.secret(of: person.rawValue, seed: options.seed), address: address, loveIndex: index,
      isAdmitted: hasConsented && UInt32(index) >= partner.threshold)
  }

  private func events(_ state: Hearts) -> [(name: String, count: Int)] {
    let gifts = (0..<state.gifts.count).map { state.gifts[$0] }
    let consents = (1..<max(1, state.consents.count)).map { state.consents[$0] }
    let projects = (0..<state.projects.count).map { state.projects[$0] }
    let waiting = gifts.count { $0.binding == .claim }
    return [
      ("claimed", crowd.issued - waiting), ("unclaimed", waiting),
      ("anonymous", gifts.count { $0.binding == .anonymous }),
      ("reversed", gifts.count { $0.binding == .reversed }), ("consents", consents.count),
      ("consents_withdrawn", consents.count { $0.withdrawnAt != .zero }),
      ("trees_pledged", projects.reduce(0) { $0 + Int($1.pledged) }),
      ("trees_planted", projects.reduce(0) { $0 + Int($1.planted) }),
      ("trees_lost", Int(projects[Int(HeartProject.hills.rawValue)][.piece].lost)),
      ("manifests", state.manifests.count), ("relations", state.relations.count),
      ("rates_changed", state.kinds[Int(HeartKind.oil.rawValue)].hearts == HeartKind.dearerOil.hearts ? 1 : 0),
    ]
  }
}
