internal import Consortium
internal import Ledger
public import TransparencyLog

/// Drawing juries by a seed that nobody can choose.
///
/// Each organisation has committed a hash chain beforehand. When a case is contested and no draw is open, one opens
/// for all contested cases: the pool of volunteers is frozen, and each organisation reveals the next preimage of its
/// chain. The seed is the hash of what was revealed. Who is silent for a day is left out, which is the one choice an
/// organisation has: to withhold its preimage and so pick one of two seeds, in sight of everybody.
extension MutualAid {
  /// How long organisations have to reveal.
  static let drawSeconds: UInt64 = 24 * 60 * 60

  /// An organisation commits a hash chain by its tip.
  mutating func commitDice(_ wire: WireCommitDice, by organisation: UInt16, at time: Timestamp) throws(LedgerError) {
    guard let tip = Hash(wire.tip), tip != .zero else { throw LedgerError(.malformed, "a tip has 32 bytes") }
    // Whoever changed its chain in the middle of a draw could choose among seeds.
    if let draw = openDraw, owes(organisation, draw) {
      throw LedgerError(.drawIsOpen, "the organisation has yet to reveal for the open draw")
    }
    while dice.count <= Int(organisation) { dice.append(DiceRecord()) }
    dice.update(Int(organisation)) { record in
      record = DiceRecord()
      record.tip = tip
      record.since = time
      record.firstDraw = UInt32(draws.count)
    }
  }

  /// Whether an organisation has a part in the open draw and has not revealed for it.
  public func owesReveal(_ organisation: UInt16) -> Bool { openDraw.map { owes(organisation, $0) } ?? false }

  /// The same for a draw.
  private func owes(_ organisation: UInt16, _ draw: UInt32) -> Bool {
    guard Int(organisation) < dice.count else { return false }
    let record = dice[Int(organisation)]
    return record.tip != .zero && record.firstDraw <= draw && !revealed(in: draw).contains(organisation)
  }

  /// An organisation reveals its next preimage for the open draw; the last one closes it.
  mutating func revealDice(_ wire: WireRevealDice, by organisation: UInt16, at time: Timestamp) throws(LedgerError) {
    guard let draw = openDraw, draw == wire.draw else {
      throw LedgerError(.noOpenDraw, "draw \(wire.draw) is not open")
    }
    guard owes(organisation, draw) else {
      throw LedgerError(.noDice, "the organisation has no part in this draw, or has revealed")
    }
    guard let preimage = Hash(wire.preimage), MutualAid.diceTip(of: preimage) == dice[Int(organisation)].tip else {
      throw LedgerError(.wrongPreimage, "it does not hash to what was committed")
    }
    dice.update(Int(organisation)) { record in
      record.tip = preimage
      record.revealed += 1
    }
    reveals.append(RevealRecord(draw: draw, organisation: organisation, preimage: preimage))
    draws.update(Int(draw)) { $0.reveals += 1 }
    if draws[Int(draw)].reveals == draws[Int(draw)].organisations { close(draw: draw, at: time) }
  }

  /// What a preimage hashes to: the link of an organisation's chain.
  public static func diceTip(of preimage: Hash) -> Hash { .sha256(Domain.tag("dice") + preimage.bytes) }

  /// The draw that is open, if one is.
  public var openDraw: UInt32? {
    guard draws.count > 0, !draws[draws.count - 1].isClosed else { return nil }
    return UInt32(draws.count - 1)
  }

  /// The organisations that have revealed for a draw.
  private func revealed(in draw: UInt32) -> [UInt16] {
    let record = draws[Int(draw)]
    let first = Int(record.firstReveal)
    return (first..<(first + Int(record.reveals))).map { reveals[$0].organisation }
  }

  /// A case waits for a jury; a draw opens for it unless one is open already.
  mutating func contest(_ number: Int, _ event: CaseRecord.Event, at time: Timestamp) {
    move(number, event)
    let place = contested.firstIndex { $0 > UInt32(number) } ?? contested.count
    contested.insert(UInt32(number), at: place)
    openDrawIfNeeded(at: time)
  }

  private mutating func openDrawIfNeeded(at time: Timestamp) {
    guard openDraw == nil, !contested.isEmpty else { return }
    for number in contested { cases.update(Int(number)) { $0.draw = UInt32(draws.count) + 1 } }
    let organisations = (0..<dice.count).count { dice[$0].tip != .zero }
    draws.append(
      DrawRecord(
        organisations: UInt16(organisations), firstReveal: UInt32(reveals.count),
        volunteers: UInt32(volunteers.count), openedAt: time, closesAt: time.adding(seconds: MutualAid.drawSeconds)))
  }

  /// A day has passed since a draw opened.
  mutating func runDraw(_ draw: UInt32, at time: Timestamp) {
    // Without any preimage everybody could foretell the jury: it waits until one organisation speaks.
    guard draws[Int(draw)].reveals > 0 else {
      draws.update(Int(draw)) { $0.closesAt = time.adding(seconds: MutualAid.drawSeconds) }
      return
    }
    close(draw: draw, at: time)
  }

  /// Draws the juries of every case that waits for this draw; others wait for the next, which opens.
  private mutating func close(draw: UInt32, at time: Timestamp) {
    let seed = seed(of: draw)
    draws.update(Int(draw)) { record in
      record.isClosed = true
      record.seed = seed
    }
    let ready = contested.filter { cases[Int($0)].draw == draw + 1 }
    contested.removeAll { cases[Int($0)].draw == draw + 1 }
    for number in ready { seatJury(Int(number), draw: draw, at: time) }
    openDrawIfNeeded(at: time)
  }

  /// SHA-256(domain ‖ draw ‖ for each organisation that revealed, by ordinal: ordinal ‖ preimage).
  private func seed(of draw: UInt32) -> Hash {
    let record = draws[Int(draw)]
    let first = Int(record.firstReveal)
    let given = (first..<(first + Int(record.reveals))).map { reveals[$0] }.sorted { $0.organisation < $1.organisation }
    var bytes = Domain.tag("jury-seed")
    bytes.append(bigEndian: draw)
    for reveal in given {
      bytes.append(bigEndian: reveal.organisation)
      bytes += reveal.preimage.bytes
    }
    return .sha256(bytes)
  }
}
