public import HeartChain
public import Ledger
internal import MutualAid

/// The events of a way in words, as a command prints them.
///
/// Organisations are numbers here: their names stand in the state, and a file of a way does not prove them.
public struct WayWords: Sendable {
  private let language: Language

  /// Words in a language.
  public init(_ language: Language) { self.language = language }

  /// One event in a line: when, who told it, what, how much, where.
  public func line(_ step: Way.Step, _ event: TraceEvent) -> String {
    let organisation = say("机构 \(step.event >> 48)", "organisation \(step.event >> 48)")
    var parts = ["\(moment(event.time))  \(organisation):", what(event)]
    if event.quantity != 0 { parts.append(quantity(event.quantity, event.unit)) }
    if event.kind == .repacked, event.quantity > 0 { parts.append(say("损耗", "lost")) }
    if let why = reason(event) { parts.append(why) }
    if event.place != 0 { parts.append(say("地点 \(event.place)", "at \(event.place)")) }
    return parts.joined(separator: " ")
  }

  /// What became of a lot, by its record.
  public func life(of record: LotRecord) -> String {
    var amounts = [
      (record.received, "收到", "came in"), (record.left, "还剩", "left"),
      (record.handed, "到了受助人手里", "reached people"), (record.wasted, "损耗", "lost"),
    ]
    if record.state == .void { amounts.append((record.takenBack, "收回", "taken back")) }
    return amounts.map { amount, zh, en in
      say("\(zh) \(quantity(amount, record.unit))", "\(quantity(amount, record.unit)) \(en)")
    }.joined(separator: say("，", ", "))
  }

  /// How much, in its unit; money in yuan.
  public func quantity(_ quantity: Int64, _ unit: GiftUnit?) -> String {
    let number = Wording.grouped(quantity)
    switch unit {
    case .fen:
      let (yuan, fen) = quantity.magnitude.quotientAndRemainder(dividingBy: 100)
      let amount = "\(quantity < 0 ? "-" : "")\(Wording.grouped(yuan)).\(fen < 10 ? "0" : "")\(fen)"
      return say("\(amount) 元", "\(amount) yuan")
    case .gram: return say("\(number) 克", "\(number) g")
    case .piece: return say("\(number) 件", "\(number) pieces")
    case .millilitre: return say("\(number) 毫升", "\(number) ml")
    case .attendance: return say("\(number) 人次", "\(number) attendances")
    case nil: return number
    }
  }

  /// A moment on the clock of the chain's people, UTC+8.
  public func moment(_ time: Timestamp) -> String {
    let date = CivilDate(time)
    let second = (time.seconds % Timestamp.day + CivilDate.offsetSeconds) % Timestamp.day
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return "\(date.year)-\(two(date.month))-\(two(date.day)) \(two(Int(second / 3600))):\(two(Int(second / 60 % 60)))"
  }

  /// What happened.
  public func what(_ event: TraceEvent) -> String {
    let going = event.inputs
    return switch event.kind {
    case .donated: say("捐出", "given")
    case .received: say("收下", "taken in")
    case .stored: say("入库", "put into store")
    case .repacked: say("\(going) 批重新分装成 \(event.madeCount) 批", "\(going) lots repacked into \(event.madeCount)")
    case .packed: say("\(going) 批装箱", "\(going) lots packed")
    case .unpacked: say("\(going) 批开箱取出", "\(going) lots unpacked")
    case .shipped: say("发往机构 \(event.other)", "sent to organisation \(event.other)")
    case .arrived: say("到达", "arrived")
    case .handedOver: say("发给受助人", "handed over to people")
    case .lost: say("损失", "lost")
    case .corrected: say("盘点更正", "counted anew")
    case .pledged: say("认捐树苗", "trees pledged")
    case .planted: say("种下", "planted")
    case .surveyed: say("清点成活", "counted alive")
    case .died: say("枯死", "died")
    case .committed: say("承诺", "committed")
    case .disbursed: say("拨付给机构 \(event.other)", "paid on to organisation \(event.other)")
    case .spent: say("支出", "spent")
    case .returned: say("退回", "given back")
    case .attended: say("参加", "attended")
    }
  }

  private func reason(_ event: TraceEvent) -> String? {
    switch event.kind {
    case .lost, .died:
      switch LossReason(rawValue: event.reason) {
      case .expired: say("（过期）", "(past its date)")
      case .damaged: say("（损坏）", "(damaged)")
      case .stolen: say("（被盗）", "(stolen)")
      case .disaster: say("（灾害）", "(disaster)")
      case .unknown, nil: nil
      }
    case .spent:
      switch SpendingPurpose(rawValue: event.reason) {
      case .aid: say("（用于救助）", "(on aid)")
      case .overhead: say("（用于管理）", "(on overhead)")
      case nil: nil
      }
    default: nil
    }
  }

  private func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
}
