import Consortium
import Contracts
import Foundation
import HeartChain
import Ledger
import TongzhouClient
import TransparencyLog

// Tells a giver what became of her gifts, and her love index, out of the public files of a chain of hearts, without
// asking anybody.
//
//     check-gifts data/demo/log/heart CHAIN-ID ADDRESS
//
// Whoever handed out the files is believed nothing: every block is executed anew, from the genesis whose hash is the
// chain's id, and its seal has to be the same. What the contract notes of each block on the way is enough to follow a
// gift to its end; what the state holds then is her hearts and her index.

/// A log's files in a directory that nobody writes to meanwhile.
struct Files: LogSource {
  let directory: String

  func read(_ path: String) throws -> [UInt8]? {
    FileManager.default.contents(atPath: directory + "/" + path).map { Array($0) }
  }

  func files() throws -> [String]? { nil }
}

func day(_ time: Timestamp) -> String {
  Date(timeIntervalSince1970: TimeInterval(time.seconds)).formatted(.iso8601.year().month().day())
}

/// `handedOver` as two words.
func words(_ outcome: ImpactOutcome) -> String {
  "\(outcome)".map { $0.isUppercase ? " " + $0.lowercased() : String($0) }.joined()
}

/// Where one part of a gift is, or how it ended, and the last event that shows it.
func line(_ portion: Impact.Portion, _ unit: GiftUnit, _ organisations: [String]) -> String {
  var text = "  \(TraceWords.quantity(portion.quantity, unit)) \(words(portion.outcome))"
  text += ", \(organisations[Int(portion.organisation)])"
  if let receiver = portion.receiver { text += " to \(organisations[Int(receiver)])" }
  if portion.place != 0 { text += ", at \(portion.place)" }
  if let event = portion.events.last { text += "; event \(event >> 48)-\(event & (1 << 48 - 1))" }
  return text
}

func check(_ log: Files, _ chain: Hash, _ address: Address) throws {
  var ways = WayIndex()
  var gifts: [UInt32] = []
  let report = try Auditor(log, genesis: chain) { block, _ in
    ways.add(block.app.steps)
    gifts += block.app.heartGifts.filter { $0.party == address.key }.map(\.gift)
  }.run()
  let (hearts, consortium) = (report.final.app.hearts, report.final.app.consortium)
  guard let giver = hearts.giver(address) else {
    print("NO GIFTS  nothing was ever given by \(address) on this chain")
    exit(1)
  }
  print("\(report.blocks) blocks executed anew, up to \(day(report.final.time))")
  print("hearts      \(giver.held) held: minted \(giver.minted), spent \(giver.spent), given \(giver.given),")
  print("            taken back \(giver.reversed), owed \(giver.debt)")
  // Points of eligibility, no credit score; old gifts fade, so it depends on the day.
  print("love index  \(hearts.loveIndex(of: address, at: report.final.time))")

  let organisations = (0..<consortium.organisations.count).map { consortium.organisations[$0].name.string }
  for number in gifts {
    let gift = hearts.gifts[Int(number)]
    let isReversed = gift.binding == .reversed ? ", taken back" : ""
    print("gift \(number) of \(day(gift.time)): \(gift.hearts) hearts, \(gift.points) points\(isReversed)")
    guard !gift.isAttendance else {
      print("  attendance, project \(gift.origin)")
      continue
    }
    // Portions add up to exactly what was given, however often it was mixed with others' on its way.
    guard let impact = Impact(of: gift.origin, in: ways, isVoid: { hearts.lots[Int($0)].state == .void }) else {
      throw AuditFailure(.wrongHearts, "gift \(number)", "no event began its lot")
    }
    for portion in impact.portions { print(line(portion, impact.unit, organisations)) }
  }
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 3, let chain = Hash(hexadecimal: arguments[1]), let address = try? Address(text: arguments[2])
else {
  print("usage: check-gifts DIRECTORY CHAIN-ID ADDRESS")
  exit(64)
}
do {
  try check(Files(directory: arguments[0]), chain, address)
} catch {
  // Errors have stable codes, such as `audit.wrong_seal`; docs/errors.md lists them.
  print("NOT IN ORDER  \(error)")
  exit(1)
}
