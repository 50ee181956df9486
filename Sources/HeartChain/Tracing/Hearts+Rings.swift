internal import Ledger

/// Organisations through which something went round: from each to the next, and from the last to the first.
///
/// Begins with the smallest ordinal.
public struct FlowRing: Hashable, Sendable {
  /// In what it is counted.
  public var unit: GiftUnit
  /// The organisations, three or more.
  public var organisations: [UInt16]

  /// A ring, for instance one to look for.
  public init(unit: GiftUnit, organisations: [UInt16]) {
    self.unit = unit
    self.organisations = organisations
  }

  /// Each organisation with the next.
  public var neighbours: [(UInt16, UInt16)] {
    Array(zip(organisations, organisations.dropFirst() + organisations.prefix(1)))
  }
}

extension Hearts {
  /// The longest ring that is looked for: eight organisations.
  public static let longestRing = 8
  /// The most rings that are told.
  public static let maximumRings = 1000

  /// For each flow the smallest ring of three to ``longestRing`` organisations that it is part of, each ring once; of
  /// equally small ones always the same. At most ``maximumRings``, in the order of the flows.
  ///
  /// Two organisations against each other are no ring but a pair of flows, and hide none. Per flow the search looks at
  /// each organisation once, so it takes at most the number of flows times 256 sets of 256 bits.
  func rings() -> [FlowRing] {
    var found: [FlowRing] = []
    var known: Set<FlowRing> = []  // order-free: membership only
    var nets: [UInt8: FlowNet] = [:]
    for number in 1..<max(1, flows.count) {
      let flow = flows[number]
      guard let unit = flow.unit, flow.sender != flow.receiver else { continue }
      nets[unit.rawValue, default: FlowNet()].add(from: Int(flow.sender), to: Int(flow.receiver))
    }
    for number in 1..<max(1, flows.count) where found.count < Hearts.maximumRings {
      let flow = flows[number]
      guard let unit = flow.unit, flow.sender != flow.receiver, let net = nets[unit.rawValue],
        let way = net.way(from: Int(flow.receiver), backTo: Int(flow.sender), steps: Hearts.longestRing)
      else { continue }
      let ring = FlowRing(unit: unit, organisations: Hearts.turned(way.map { UInt16($0) }))
      if known.insert(ring).inserted { found.append(ring) }
    }
    return found
  }

  /// The same ring from its smallest ordinal on.
  private static func turned(_ ring: [UInt16]) -> [UInt16] {
    guard let first = ring.indices.min(by: { ring[$0] < ring[$1] }) else { return ring }
    return Array(ring[first...] + ring[..<first])
  }

  /// The least that went from one of a ring's organisations to the next: so much may have gone all the way round.
  func quantity(of ring: FlowRing) -> Int64 {
    ring.neighbours.map { from, to in
      flows.find(FlowRecord.key(from: from, to: to, unit: ring.unit)).map { flows[$0].total } ?? 0
    }.min() ?? 0
  }
}

/// From which organisation something went to which, in one unit.
private struct FlowNet {
  /// By sender, a set of receivers as bits.
  private var receivers: [[UInt64]] = []
  private static let words = 4

  mutating func add(from sender: Int, to receiver: Int) {
    // The consortium has at most 256 organisations.
    guard sender < 64 * FlowNet.words, receiver < 64 * FlowNet.words else { return }
    while receivers.count <= max(sender, receiver) {
      receivers.append([UInt64](repeating: 0, count: FlowNet.words))
    }
    receivers[sender][receiver >> 6] |= 1 << UInt64(receiver & 63)
  }

  /// A shortest way of at least two steps between two organisations, both among the result; `nil` where none has at
  /// most `limit` organisations. Level by level, smaller ordinals first, so that it is always the same.
  func way(from start: Int, backTo goal: Int, steps limit: Int) -> [Int]? {
    guard start < receivers.count, goal < receivers.count else { return nil }
    var seen = [UInt64](repeating: 0, count: FlowNet.words)
    seen[start >> 6] |= 1 << UInt64(start & 63)
    var before = [Int](repeating: start, count: 64 * FlowNet.words)
    var level = [start]
    var length = 1
    while !level.isEmpty, length < limit {
      length += 1
      var next: [Int] = []
      for place in level {
        for word in 0..<FlowNet.words {
          var new = receivers[place][word] & ~seen[word]
          // The direct way back makes a pair and no ring.
          if place == start, goal >> 6 == word { new &= ~(1 << UInt64(goal & 63)) }
          seen[word] |= new
          while new != 0 {
            let reached = word << 6 + new.trailingZeroBitCount
            new &= new - 1
            before[reached] = place
            if reached == goal { return trace(before, from: start, to: goal) }
            next.append(reached)
          }
        }
      }
      level = next
    }
    return nil
  }

  private func trace(_ before: [Int], from start: Int, to goal: Int) -> [Int] {
    var way = [goal]
    var place = goal
    while place != start {
      place = before[place]
      way.append(place)
    }
    return way.reversed()
  }
}
