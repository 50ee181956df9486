internal import Contracts
internal import HeartChain
internal import Ledger
internal import Node
internal import Synchronization

/// The signs of a chain as of a block, in the order in which they are shown.
struct FoundSigns: Sendable {
  /// The newest first.
  let all: [FoundSign]
  /// Projects whose report is overdue.
  let silent: [UInt32]
  /// Places in ``all`` by project.
  private let places: [UInt32: [Int]]

  /// - Parameter all: the newest first.
  init(_ all: [FoundSign] = []) {
    self.all = all
    silent = all.compactMap {
      guard case .silent(let project, _) = $0.sign else { return nil }
      return project
    }
    var places: [UInt32: [Int]] = [:]
    for (place, found) in all.enumerated() {
      guard let project = SignFacts(found.sign).project else { continue }
      places[project, default: []].append(place)
    }
    self.places = places
  }

  /// Works them out, which reads the whole state.
  init(_ view: PublishedView) { self.init(FoundSign.all(in: view.app.hearts, at: view.time)) }

  /// Those of a project, the newest first.
  func of(project: UInt32) -> [FoundSign] { (places[project] ?? []).map { all[$0] } }
}

/// Keeps the signs of each chain as of its newest block that somebody asked for, so that a request costs what it shows.
///
/// Of each chain one list is kept, no longer than the state's projects, flows and books make it, and one is worked out
/// at a time. Whoever asks meanwhile waits for that one, or, where it is of a block that was old when he asked, for the
/// next: blocks that come faster than signs are found leave no work behind.
final class SignShelf: Sendable {
  /// Signs with the view they are of.
  struct Found: Sendable {
    let view: PublishedView
    let signs: FoundSigns
  }

  private enum Place {
    /// Is worked out; the view goes when it is done, since it would keep a whole state.
    case running(PublishedView, Task<FoundSigns, Never>)
    /// Was worked out as of a height.
    case kept(UInt64, FoundSigns)
  }

  private enum Step {
    case found(Found)
    case joined(PublishedView, Task<FoundSigns, Never>)
    case waits(Task<FoundSigns, Never>)
  }

  private let places = Mutex<[String: Place]>([:])
  private let work: @Sendable (PublishedView) async -> FoundSigns

  /// - Parameter work: how signs are found.
  init(work: @escaping @Sendable (PublishedView) async -> FoundSigns = { FoundSigns($0) }) { self.work = work }

  /// The signs of a chain with the view they are of: the newest, or another that was published since the question;
  /// `nil` before the first.
  func signs(of chain: any ServedChain) async -> Found? {
    guard let oldest = chain.view?.height else { return nil }
    while true {
      guard let step = step(chain, from: oldest) else { return nil }
      switch step {
      case .found(let found): return found
      case .joined(let view, let task): return Found(view: view, signs: await task.value)
      // One at a time. The next is of a newer view than the question, whoever starts it.
      case .waits(let task): _ = await task.value
      }
    }
  }

  private func step(_ chain: any ServedChain, from oldest: UInt64) -> Step? {
    let name = chain.name
    return places.withLock { places in
      // Looked up under the lock, so that views only grow from one question to the next.
      guard let view = chain.view else { return nil }
      switch places[name] {
      case .running(let other, let task):
        return other.height >= oldest ? .joined(other, task) : .waits(task)
      case .kept(let height, let signs) where height == view.height:
        return .found(Found(view: view, signs: signs))
      case .kept, nil:
        let task = Task {
          let signs = await self.work(view)
          self.places.withLock { $0[name] = .kept(view.height, signs) }
          return signs
        }
        places[name] = .running(view, task)
        return .joined(view, task)
      }
    }
  }
}
