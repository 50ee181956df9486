internal import Ledger

/// Something on its way to an organisation.
struct Delivery {
  enum Content {
    case message(EndorsementMessage)
    case ordered(UInt64)
  }

  let time: UInt64
  let place: Int
  let content: Content
  /// Order of sending; set by the queue.
  fileprivate(set) var serial: UInt64 = 0
  /// Whether something sent later was delivered before it.
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
  private var newestDelivered: UInt64 = 0

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
    first.isOvertaken = first.serial < newestDelivered
    newestDelivered = max(newestDelivered, first.serial)
    return first
  }

  private func precedes(_ a: Delivery, _ b: Delivery) -> Bool { (a.time, a.serial) < (b.time, b.serial) }
}
