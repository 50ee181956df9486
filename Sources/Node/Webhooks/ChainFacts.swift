internal import Consortium
internal import Contracts
internal import Ledger
internal import MutualAid
internal import Storage
internal import TransparencyLog

/// What of a chain's public records webhooks tell, as numbers: what differs between two of these has happened.
///
/// So nothing is missed by who looks late or was away; what changed several times meanwhile is told as it is now.
struct ChainFacts: Sendable, Equatable {
  /// Which numbers. The values are stored.
  enum Kind: Int, CaseIterable {
    /// How many notices and settlements there are.
    case counts = 0
    /// Each case's status.
    case cases = 1
    /// Each plan's standing.
    case plans = 2
    /// Each organisation's standing.
    case organisations = 3
    /// When each pause is over; 0 for a call that has not begun one.
    case pauses = 4
  }

  /// Of which height.
  let height: UInt64
  /// By kind, then by ordinal.
  private(set) var values: [[Int64]]

  /// The facts of a view.
  init(_ view: PublishedView) {
    let (aid, consortium) = (view.app.mutualAid, view.app.consortium)
    height = view.height
    values = [
      [Int64(aid.notices.count), Int64(aid.settlements.count)],
      (0..<aid.cases.count).map { Int64(aid.cases[$0].status.rawValue) },
      (0..<aid.plans.count).map { Int64(aid.plans[$0].standing.rawValue) },
      (0..<consortium.organisations.count).map { Int64(consortium.organisations[$0].standing.rawValue) },
      (0..<consortium.governance.pauses.count).map { ordinal in
        let pause = consortium.governance.pauses[ordinal]
        return pause.beganAt == .zero ? 0 : Int64(clamping: pause.until.seconds)
      },
    ]
  }

  /// Facts out of a store; `nil` where they have gaps.
  init?(_ stored: WebhookFacts) {
    height = stored.height
    values = Kind.allCases.map { _ in [] }
    for fact in stored.facts {
      guard values.indices.contains(fact.kind), fact.ordinal == values[fact.kind].count else { return nil }
      values[fact.kind].append(fact.value)
    }
    guard values[Kind.counts.rawValue].count == 2 else { return nil }
  }

  /// What differs from earlier facts; all of them where there are none.
  func changes(since old: ChainFacts?) -> [WebhookFact] {
    values.enumerated().flatMap { kind, values in
      values.enumerated().filter { $0.element != old?.value(kind, $0.offset) }.map {
        WebhookFact(kind: kind, ordinal: $0.offset, value: $0.element)
      }
    }
  }

  /// Whether these can be what became of earlier facts: records only ever come, and none goes.
  func follow(_ old: ChainFacts) -> Bool {
    height >= old.height && zip(values, old.values).allSatisfy { $0.count >= $1.count }
      && zip(values[Kind.counts.rawValue], old.values[Kind.counts.rawValue]).allSatisfy { $0 >= $1 }
  }

  private func value(_ kind: Int, _ ordinal: Int) -> Int64? {
    ordinal < values[kind].count ? values[kind][ordinal] : nil
  }

  /// What happened between earlier facts and this view, oldest records first.
  ///
  /// - Parameters:
  ///   - changes: what differs from the earlier ones, ``changes(since:)``.
  ///   - view: the one that these are the facts of.
  func events(
    since old: ChainFacts, changes: [WebhookFact], _ view: PublishedView, chain name: String
  ) -> [WebhookEvent] {
    let place = ChainPlace(name: name, id: view.genesis.chain, height: view.height)
    let aid = view.app.mutualAid
    let (before, now) = (old.values[Kind.counts.rawValue], values[Kind.counts.rawValue])
    let notices = (Int(before[0])..<Int(now[0])).map { ordinal in
      let record = aid.notices[ordinal]
      return WebhookEvent(
        .notice, of: place, at: record.publishedAt, path: "cases/\(record.caseOrdinal)", record: [UInt64(ordinal)]
      ) {
        ($0.notice, $0.case, $0.plan) = (ordinal, Int(record.caseOrdinal), record.plan)
        $0.until = record.endsAt.seconds
      }
    }
    let settlements = (Int(before[1])..<Int(now[1])).map { ordinal in
      let record = aid.settlements[ordinal]
      return WebhookEvent(
        .settlement, of: place, at: record.time, path: "settlements/\(ordinal)", record: [UInt64(ordinal)]
      ) { ($0.settlement, $0.plan) = (ordinal, record.plan) }
    }
    let changed = changes.compactMap { change(of: $0, view, place) }
    return notices + changed + settlements
  }

  /// A record that changed, as an event; `nil` for what says nothing yet.
  private func change(of fact: WebhookFact, _ view: PublishedView, _ place: ChainPlace) -> WebhookEvent? {
    let (aid, consortium) = (view.app.mutualAid, view.app.consortium)
    let ordinal = fact.ordinal
    // A record may come back to what it was, so its height tells one change from the next.
    let record = [UInt64(ordinal), UInt64(bitPattern: fact.value), place.height]
    switch Kind(rawValue: fact.kind) {
    case .cases:
      let found = aid.cases[ordinal]
      return WebhookEvent(.case, of: place, at: view.time, path: "cases/\(ordinal)", record: record) {
        ($0.case, $0.plan, $0.status) = (ordinal, found.plan, "\(found.status)")
      }
    case .plans:
      let standing = "\(aid.plans[ordinal].standing)"
      return WebhookEvent(.plan, of: place, at: view.time, path: "plans/\(ordinal)", record: record) {
        ($0.plan, $0.standing) = (UInt16(ordinal), standing)
      }
    case .organisations:
      let standing = "\(consortium.organisations[ordinal].standing)"
      return WebhookEvent(
        .organisation, of: place, at: view.time, path: "organisations/\(ordinal)", record: record
      ) { ($0.organisation, $0.standing) = (UInt16(ordinal), standing) }
    case .pauses:
      let pause = consortium.governance.pauses[ordinal]
      guard pause.beganAt != .zero else { return nil }
      return WebhookEvent(.pause, of: place, at: view.time, path: "plans/\(pause.plan)", record: record) {
        ($0.plan, $0.scope) = (pause.plan, "\(pause.scope)")
        ($0.from, $0.until) = (pause.beganAt.seconds, pause.until.seconds)
      }
    case .counts, nil: return nil
    }
  }
}
