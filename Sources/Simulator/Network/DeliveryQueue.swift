internal import Ledger

/// Something on its way to an organisation or to the ordering engine.
struct Delivery {
  enum Content {
    case message(EndorsementMessage)
    case append(sequence: UInt64, [UInt8])
    case ordered(UInt64)
  }

  let time: UInt64
  /// The organisation's place; the ordering engine's is the number of organisations.
  let place: Int
  let content: Content
  /// Order of sending; set by the queue.
  fileprivate(set) var serial: UInt64 = 0
  /// Whether something sent to the same place later was delivered before it.
  fileprivate(set) var isOvertaken = false

  init(time: UInt64, place: Int, content: Content) {
    self.time = time
    self.place = place
    self.content = content
  }
}

/// Deliveries by time, then by order of sending: a binary heap.
struct DeliveryQueue {
  private var heap: [Delivery] = []
  private var serial: UInt64 = 0
  private var newestDelivered: [UInt64]

  /// An empty queue to so many places.
  init(places: Int) {
    newestDelivered = Array(repeating: 0, count: places)
  }

  var nextTime: UInt64? { heap.first?.time }

  mutating func add(_ delivery: Delivery) {
    serial += 1
    var added = delivery
    added.serial = serial
    heap.append(added)
    var child = heap.count - 1
    while child > 0, precedes(heap[child], heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func next() -> Delivery? {
    guard !heap.isEmpty else { return nil }
    heap.swapAt(0, heap.count - 1)
    var first = heap.removeLast()
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { break }
      let right = left + 1
      let least = right < heap.count && precedes(heap[right], heap[left]) ? right : left
      guard precedes(heap[least], heap[parent]) else { break }
      heap.swapAt(least, parent)
      parent = least
    }
    first.isOvertaken = first.serial < newestDelivered[first.place]
    newestDelivered[first.place] = max(newestDelivered[first.place], first.serial)
    return first
  }

  private func precedes(_ a: Delivery, _ b: Delivery) -> Bool { (a.time, a.serial) < (b.time, b.serial) }
}
