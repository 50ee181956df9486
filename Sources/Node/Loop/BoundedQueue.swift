internal import Foundation

/// A queue between two threads that never grows beyond its limit: who is faster waits.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  // Unchecked: everything below is only touched under the condition's lock.
  private let condition = NSCondition()
  private var elements: [Element] = []
  private var isClosed = false
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Puts an element in; waits while the queue is full. False for a closed queue, which takes nothing.
  func put(_ element: Element) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while elements.count >= limit && !isClosed { condition.wait() }
    if isClosed { return false }
    elements.append(element)
    condition.broadcast()
    return true
  }

  /// Puts an element in if there is room.
  func offer(_ element: Element) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard elements.count < limit, !isClosed else { return false }
    elements.append(element)
    condition.broadcast()
    return true
  }

  /// Everything there is, oldest first; waits for the first. Empty once the queue is closed and drained.
  func takeAll() -> [Element] {
    condition.lock()
    defer { condition.unlock() }
    while elements.isEmpty && !isClosed { condition.wait() }
    return emptied()
  }

  /// Everything there is, oldest first; waits for nothing.
  func takeAtOnce() -> [Element] {
    condition.lock()
    defer { condition.unlock() }
    return emptied()
  }

  /// Takes what is there out, under the lock, and wakes those who wait for room.
  private func emptied() -> [Element] {
    defer {
      elements = []
      condition.broadcast()
    }
    return elements
  }

  /// Lets the reader drain what is there and end.
  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }
}
