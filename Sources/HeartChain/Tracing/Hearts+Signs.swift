public import Ledger
internal import TransparencyLog

/// Something in the state that a reader should look at. It says what stands where, not that somebody cheated.
public enum TraceSign: Hashable, Sendable {
  /// So much of a project is left in a unit although its term is over.
  case undistributed(project: UInt32, unit: GiftUnit, left: Int64)
  /// So many trees of a project were pledged and do not stand although its term is over.
  case unplanted(project: UInt32, trees: Int64)
  /// A project should have disclosed a report by this time and has not.
  case silent(project: UInt32, since: Timestamp)
  /// A project spent money on running itself and none on what it is for.
  case onlyOverhead(project: UInt32, fen: Int64)
  /// Of what arrived at one organisation from another, so much went the other way too.
  case roundTrip(first: UInt16, second: UInt16, unit: GiftUnit, quantity: Int64, related: Bool)
  /// Something went round through three or more organisations; at most so much. Whether two that follow each other in
  /// the ring are related.
  case ring(FlowRing, quantity: Int64, related: Bool)
  /// An organisation told so many events by which more would have gone out than was there; the last of them.
  case overdrawn(organisation: UInt16, events: UInt32, last: UInt64)
  /// An organisation showed so many pictures or receipts that were shown before; the last of these events.
  case repeated(organisation: UInt16, events: UInt32, last: UInt64)
}

extension Hearts {
  /// Days after which a project that runs longer than ``longProjectDays`` discloses again, and within which every
  /// project does after its end: three months by the Charity Law.
  public static let disclosureDays: UInt64 = 92
  /// Six months.
  public static let longProjectDays: UInt64 = 184

  /// Everything in the state that a reader should look at, projects first. Reads all projects, flows and books.
  public func signs(at time: Timestamp) -> [TraceSign] {
    var found: [TraceSign] = []
    let related = RelatedPairs(self)
    for number in 0..<projects.count { found += signs(of: UInt32(number), projects[number], at: time) }
    for number in 1..<max(1, flows.count) {
      let flow = flows[number]
      guard let unit = flow.unit, flow.sender < flow.receiver,
        let back = flows.find(FlowRecord.key(from: flow.receiver, to: flow.sender, unit: unit))
      else { continue }
      found.append(
        .roundTrip(
          first: flow.sender, second: flow.receiver, unit: unit, quantity: min(flow.total, flows[back].total),
          related: related.contains(flow.sender, flow.receiver)))
    }
    for ring in rings() {
      let isRelated = ring.neighbours.contains { related.contains($0, $1) }
      found.append(.ring(ring, quantity: quantity(of: ring), related: isRelated))
    }
    for number in 0..<books.count {
      let (book, organisation) = (books[number], UInt16(number))
      if book.overdrawn > 0 {
        found.append(.overdrawn(organisation: organisation, events: book.overdrawn, last: book.lastOverdrawn))
      }
      if book.repeated > 0 {
        found.append(.repeated(organisation: organisation, events: book.repeated, last: book.lastRepeated))
      }
    }
    return found
  }

  private func signs(of number: UInt32, _ project: ProjectRecord, at time: Timestamp) -> [TraceSign] {
    var found: [TraceSign] = []
    if time > project.end {
      for unit in GiftUnit.allCases where project.undistributed(unit) > 0 {
        found.append(.undistributed(project: number, unit: unit, left: project.undistributed(unit)))
      }
      let trees = project.pledged - project.planted - project.withdrawn
      if trees > 0 { found.append(.unplanted(project: number, trees: trees)) }
    }
    if let since = silence(of: project, at: time) { found.append(.silent(project: number, since: since)) }
    if project.overhead > 0, project.spent == 0 {
      found.append(.onlyOverhead(project: number, fen: project.overhead))
    }
    return found
  }

  /// When a project's next report was due, if that has passed.
  private func silence(of project: ProjectRecord, at time: Timestamp) -> Timestamp? {
    let last = max(project.disclosedAt, project.start)
    let isLong = project.end > project.start.adding(days: Hearts.longProjectDays)
    let next = last.adding(days: Hearts.disclosureDays)
    if isLong, next < project.end, time > next { return next }
    let final = project.end.adding(days: Hearts.disclosureDays)
    return project.disclosedAt <= project.end && time > final ? final : nil
  }
}
