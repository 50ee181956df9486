internal import HeartChain
internal import Ledger

/// How long gifts take from their givers to where they do good, project by project.
///
/// What was mixed is as old as the oldest gift in it.
struct HandOverBook: StepBook {
  /// What ends a gift's way.
  enum Ending: Int, CaseIterable {
    /// Goods reached people.
    case handedOver
    /// Money was spent on what the project is for.
    case spent
    /// Pledged trees were planted.
    case planted
  }

  /// The last endings of each sort that a project's median is over.
  static let maximumEndings = 1_000
  /// The most lots that are followed, 16 bytes each; later ones are left out.
  static let maximumLots = 1 << 22

  private struct Lot {
    var project: UInt32 = .max
    /// When the oldest gift in it was given.
    var given = Timestamp.max
  }

  private struct Recent {
    var seconds: [UInt64] = []
    var next = 0

    mutating func add(_ duration: UInt64) {
      if seconds.count < HandOverBook.maximumEndings {
        seconds.append(duration)
      } else {
        seconds[next] = duration
        next = (next + 1) % HandOverBook.maximumEndings
      }
    }
  }

  private var lots: [Lot] = []
  private var endings: [UInt32: [Recent]] = [:]

  init() {}

  mutating func add(_ step: Way.Step) throws {
    guard let event = try? TraceEvent(row: step.row) else { return }
    var born = Lot()
    if event.kind == .donated || event.kind == .pledged {
      born = Lot(project: event.project, given: event.time)
    } else {
      for source in step.sources where Int(source) < lots.count {
        born.project = min(born.project, lots[Int(source)].project)
        if lots[Int(source)].given < born.given { born.given = lots[Int(source)].given }
      }
    }
    for made in step.made where Int(made) < HandOverBook.maximumLots {
      while lots.count <= Int(made) { lots.append(Lot()) }
      lots[Int(made)] = born
    }
    let ending: Ending
    switch event.kind {
    case .handedOver: ending = .handedOver
    case .spent where event.reason == SpendingPurpose.aid.rawValue: ending = .spent
    case .planted: ending = .planted
    default: return
    }
    guard born.given != .max else { return }
    endings[born.project, default: Array(repeating: Recent(), count: Ending.allCases.count)][ending.rawValue]
      .add(event.time.seconds - min(event.time.seconds, born.given.seconds))
  }

  /// How long the last endings of a project took, in no order.
  func seconds(of ending: Ending, in project: UInt32) -> [UInt64] { endings[project]?[ending.rawValue].seconds ?? [] }

  /// The median of such times, and how many these are; `nil` for none.
  static func median(_ seconds: [UInt64]) -> (seconds: UInt64, count: Int)? {
    guard !seconds.isEmpty else { return nil }
    return (seconds.sorted()[(seconds.count - 1) / 2], seconds.count)
  }
}
