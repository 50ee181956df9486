internal import Foundation
internal import HeartChain
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// The way of a lot as `tongzhou verify` shows it.
struct WayShown: Encodable {
  /// One event. What it does not have is left out.
  struct Step: Encodable {
    let what: String
    let organisation: UInt64
    /// The organisation's number of the event.
    let number: UInt64
    /// When it happened, by the organisation's word.
    let happened: UInt64
    /// The time of its block.
    let time: UInt64
    let quantity: Int64?
    let unit: String?
    let place: UInt32?
    let to: UInt16?
    let project: UInt32?
    let evidence: String?
    /// The row as it was signed.
    let row: String

    init(_ step: Way.Step, _ event: TraceEvent) {
      what = "\(event.kind)"
      organisation = step.event >> 48
      number = step.event & (1 << 48 - 1)
      happened = event.time.seconds
      time = step.time.seconds
      quantity = event.quantity == 0 ? nil : event.quantity
      unit = event.unit.map { "\($0)" }
      place = event.place == 0 ? nil : event.place
      to = event.kind == .shipped || event.kind == .disbursed ? event.other : nil
      project = event.kind == .donated || event.kind == .pledged ? event.project : nil
      evidence = event.evidence == .zero ? nil : event.evidence.description
      row = Data(step.row).base64EncodedString()
    }
  }

  let lot: UInt32
  let state: String
  /// What was taken back is not among what was lost.
  let received, left, handed, lost, takenBack: Int64
  let unit: String
  let holder: UInt16
  let gift: UInt32?
  let reversedAt: UInt64?
  let reason: String?
  let steps: [Step]

  private enum CodingKeys: String, CodingKey {
    case lot, state, received, left, handed, lost, takenBack, unit, holder, gift, reversedAt, reason, steps
  }

  init(_ proven: ProvenWay.Proven) {
    lot = proven.lot
    state = "\(proven.record.state)"
    (received, left) = (proven.record.received, proven.record.left)
    (handed, lost) = (proven.record.handed, proven.record.wasted)
    takenBack = proven.record.takenBack
    unit = "\(proven.record.unit)"
    holder = proven.record.holder
    gift = proven.gift?.ordinal
    reversedAt = proven.reversal?.time.seconds
    reason = proven.reversal?.reason.description
    steps = proven.steps.map { Step($0.step, $0.event) }
  }

  /// What the file proves, before its steps.
  static func words(_ proven: ProvenWay.Proven, _ language: Language) -> [String] {
    let words = WayWords(language)
    let (lot, record) = (proven.lot, proven.record)
    var found = [
      language == .zh ? "批次 \(lot)，在机构 \(record.holder)" : "lot \(lot), at organisation \(record.holder)",
      words.life(of: record),
    ]
    if let (ordinal, gift) = proven.gift {
      found.append(
        language == .zh
          ? "来自第 \(ordinal) 号捐赠，带来 \(gift.hearts) 颗爱心"
          : "it began as gift \(ordinal), which brought \(gift.hearts) hearts")
    }
    if let (reason, time) = proven.reversal {
      let moment = words.moment(time)
      found.append(
        language == .zh ? "\(moment) 捐赠撤回，理由 \(reason)" : "the gift was taken back \(moment), reason \(reason)")
    }
    let count = proven.steps.count
    found.append(language == .zh ? "走过 \(count) 步，一步不少：" : "\(count) steps, and none is missing:")
    return found
  }

  /// The steps, each in a line.
  static func lines(_ proven: ProvenWay.Proven, _ language: Language) -> [String] {
    let words = WayWords(language)
    return proven.steps.map { words.line($0.step, $0.event) }
  }
}
