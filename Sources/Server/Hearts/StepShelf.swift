internal import HeartChain
internal import Node
internal import Storage
internal import Synchronization

/// Something gathered from the accepted events of a chain, one after the other.
protocol StepBook: Sendable {
  /// Before the first event.
  init()
  /// Adds the next event.
  mutating func add(_ step: Way.Step) throws
}

/// Keeps a book of each chain, so that a request reads only the events that came since the one before.
final class StepShelf<Book: StepBook>: Sendable {
  private struct Kept {
    /// The last event in the book.
    var place: UInt64?
    var book = Book()
    /// What stopped it: then it never goes on.
    var fault: (any Error)?
  }

  private let maximumSteps: Int
  private let kept = Mutex<[String: Kept]>([:])

  /// - Parameter maximumSteps: events that one request reads, about a second's work; after a start the first requests
  ///   bring the book forward.
  init(maximumSteps: Int = 200_000) { self.maximumSteps = maximumSteps }

  /// The book of a chain up to a view's block at least, and whether it is; another view may have brought it further.
  ///
  /// - Throws: what adding an event threw; what the index's file ends in.
  func book(of chain: String, _ index: SearchIndex, upTo height: UInt64) throws -> (book: Book, isWhole: Bool) {
    let last = IndexedStep.lastPlace(height: height)
    let isFed = try index.height >= height
    return try kept.withLock { kept in
      // Taken out meanwhile: of two, changing one would copy all of it.
      var own = kept.removeValue(forKey: chain) ?? Kept()
      defer { kept[chain] = own }
      if let fault = own.fault { throw fault }
      var left = maximumSteps
      while left > 0 {
        let wanted = min(left, SearchIndex.maximumLimit)
        let steps = try index.steps(after: own.place, limit: wanted)
        for placed in steps where placed.place <= last {
          do {
            try own.book.add(Way.Step(placed.step))
          } catch {
            own.fault = error
            throw error
          }
          own.place = placed.place
        }
        left -= steps.count
        guard steps.count == wanted, steps.last.map({ $0.place <= last }) == true else { return (own.book, isFed) }
      }
      return (own.book, false)
    }
  }
}
