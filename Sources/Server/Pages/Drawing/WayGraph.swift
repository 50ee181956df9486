internal import Consortium
internal import HeartChain
internal import Ledger
internal import MutualAid

/// What is drawn of a way: boxes for what happened and for what is left, arrows for what went on.
///
/// A way with more steps or arrows than a drawing can show is drawn by organisation and day, or by organisation and
/// month, or by organisation alone.
struct WayGraph {
  /// The most boxes of steps. Half as many may stand beside them for what is left.
  static let maximumNodes = 60
  /// The most arrows: the time that Graphviz takes grows much faster than their number.
  static let maximumEdges = 240

  /// What a box stands for, which gives it its colours.
  enum Look: String {
    /// A gift begins.
    case gift
    /// Something happened.
    case step
    /// Something did good.
    case good
    /// Something was lost.
    case bad
    /// Something is still there.
    case rest
  }

  /// A box.
  struct Node {
    let lines: [String]
    let look: Look
  }

  /// An arrow from one box to another, with what went along it.
  struct Edge {
    let from: Int
    let to: Int
    let label: String
  }

  /// How steps are put together into boxes.
  private enum Grouping: CaseIterable {
    case step, day, month, organisation
  }

  /// Which steps share a box.
  private struct Key: Hashable {
    var organisation: UInt16
    var event: UInt64 = 0
    var day: String = ""
  }

  private let names: DrawnNames
  private(set) var nodes: [Node] = []
  private(set) var edges: [Edge] = []
  /// Whether steps were put together.
  let isGrouped: Bool

  /// - Returns: `nil` for a way without steps, and for one that no grouping makes small enough.
  init?(
    _ way: FollowedWay, showsRest: Bool, _ scope: PageScope, maximumEdges: Int = WayGraph.maximumEdges
  ) {
    guard !way.steps.isEmpty else { return nil }
    for grouping in Grouping.allCases
    where Set(way.steps.map { WayGraph.key($0, grouping) }).count <= WayGraph.maximumNodes {
      let graph = WayGraph(way, grouping, showsRest: showsRest, scope)
      guard graph.edges.count > maximumEdges else {
        self = graph
        return
      }
    }
    return nil
  }

  private init(_ way: FollowedWay, _ grouping: Grouping, showsRest: Bool, _ scope: PageScope) {
    names = DrawnNames(scope)
    isGrouped = grouping != .step
    let places = grouping == .step ? addSteps(way, scope) : addGroups(way, grouping, scope)
    connect(way, places, showsRest: showsRest, scope)
  }

  private static func key(_ step: FollowedWay.Step, _ grouping: Grouping) -> Key {
    let day = "\(CivilDate(step.event.time))"
    return switch grouping {
    case .step: Key(organisation: step.organisation, event: step.step.event)
    case .day: Key(organisation: step.organisation, day: day)
    case .month: Key(organisation: step.organisation, day: String(day.prefix(7)))
    case .organisation: Key(organisation: step.organisation)
    }
  }

  /// A box for each step; its place by step.
  private mutating func addSteps(_ way: FollowedWay, _ scope: PageScope) -> [Int] {
    let (steps, words) = (StepWords(scope), HeartWords(scope))
    for step in way.steps {
      var lines = [steps.name(step), names.name(step.organisation)]
      let place = words.place(step.event.place)
      let day = "\(CivilDate(step.event.time))"
      lines.append(place.map { scope.texts.say("way_day_place", ["day": day, "place": $0]) } ?? day)
      if let quantity = WayGraph.quantity(step, words, scope) { lines.append(quantity) }
      nodes.append(Node(lines: lines, look: WayGraph.look(step.event)))
    }
    return Array(nodes.indices)
  }

  /// A box for each group; its place by step.
  private mutating func addGroups(_ way: FollowedWay, _ grouping: Grouping, _ scope: PageScope) -> [Int] {
    var groups: [Key: Int] = [:]
    var members: [[FollowedWay.Step]] = []
    var places: [Int] = []
    for step in way.steps {
      let key = WayGraph.key(step, grouping)
      let place = groups[key] ?? members.count
      if place == members.count {
        groups[key] = place
        members.append([])
      }
      members[place].append(step)
      places.append(place)
    }
    for group in members {
      guard let first = group.first else { continue }
      let days = group.map { CivilDate($0.event.time) }
      let (from, to) = (days.min() ?? CivilDate(first.event.time), days.max() ?? CivilDate(first.event.time))
      var lines = [names.name(first.organisation)]
      lines.append(from == to ? "\(from)" : scope.texts.say("way_days", ["from": "\(from)", "to": "\(to)"]))
      lines.append(scope.texts.count("way_count", group.count))
      let looks = group.map { WayGraph.look($0.event) }
      nodes.append(
        Node(
          lines: lines,
          look: looks.contains(.gift) ? .gift : looks.contains(.good) ? .good : looks.contains(.bad) ? .bad : .step))
    }
    return places
  }

  /// Arrows along the lots, and boxes for what is left of them.
  private mutating func connect(_ way: FollowedWay, _ places: [Int], showsRest: Bool, _ scope: PageScope) {
    let words = HeartWords(scope)
    let lots = scope.hearts.lots
    var last: [UInt32: Int] = [:]
    var arrows: [[Int]: [UInt32]] = [:]
    for (step, place) in zip(way.steps, places) {
      for source in step.step.sources {
        if let from = last[source], from != place { arrows[[from, place], default: []].append(source) }
        last[source] = place
      }
      for made in step.step.made { last[made] = place }
    }
    var rests: [Key: [UInt32]] = [:]
    if showsRest {
      for lot in way.lots where Int(lot) < lots.count && last[lot] != nil {
        let record = lots[Int(lot)]
        // What lies in a container shows with the container.
        guard record.left > 0, record.state != .packed, record.state != .ended, record.state != .void else { continue }
        let organisation = record.state == .travelling ? record.receiver : record.holder
        rests[Key(organisation: organisation, event: UInt64(record.state.rawValue)), default: []].append(lot)
      }
    }
    let ordered = rests.sorted { ($0.key.organisation, $0.key.event) < ($1.key.organisation, $1.key.event) }
    for (_, left) in ordered.prefix(WayGraph.maximumNodes / 2) {
      let record = lots[Int(left[0])]
      let text =
        left.count == 1
        ? words.gift(record.left, kind: record.kind, unit: record.unit) : scope.texts.count("quantity_lots", left.count)
      let state: String
      switch record.state {
      case .travelling: state = scope.texts.say("way_under_way", ["to": names.name(record.receiver)])
      case .pledged: state = scope.texts.say("way_not_planted")
      case .held, .packed, .ended, .void:
        state = scope.texts.say("way_held", ["holder": names.name(record.holder)])
      }
      for lot in left { if let from = last[lot] { arrows[[from, nodes.count], default: []].append(lot) } }
      nodes.append(Node(lines: [state, text], look: .rest))
    }
    for (ends, along) in arrows.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      edges.append(Edge(from: ends[0], to: ends[1], label: label(Set(along).sorted(), words, scope)))
    }
  }

  /// What went along an arrow: a lot's name, or how many lots.
  private func label(_ along: [UInt32], _ words: HeartWords, _ scope: PageScope) -> String {
    guard along.count == 1, let lot = along.first else { return scope.texts.count("quantity_lots", along.count) }
    return words.lotName(lot)
  }

  private static func quantity(_ step: FollowedWay.Step, _ words: HeartWords, _ scope: PageScope) -> String? {
    guard step.event.quantity != 0, let lot = step.lot, Int(lot) < scope.hearts.lots.count else { return nil }
    let record = scope.hearts.lots[Int(lot)]
    switch step.event.kind {
    // What is missing after repacking stands beside it, not on it.
    case .repacked, .packed, .unpacked: return nil
    default: return words.gift(step.event.quantity, kind: record.kind, unit: record.unit)
    }
  }

  private static func look(_ event: TraceEvent) -> Look {
    switch event.kind {
    case .donated, .pledged: .gift
    case .handedOver, .planted, .attended: .good
    case .spent: event.reason == SpendingPurpose.aid.rawValue ? .good : .step
    case .lost, .died: .bad
    case .received, .stored, .repacked, .packed, .unpacked, .shipped, .arrived, .corrected, .surveyed, .committed,
      .disbursed, .returned:
      .step
    }
  }
}

extension WayGraph {
  /// The graph in Graphviz's language, from top to bottom, as phones are held.
  var dot: String {
    var text = "digraph way {\n"
    text += "graph [rankdir=TB, bgcolor=transparent, nodesep=0.25, ranksep=0.3, margin=0.05];\n"
    text += "node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11, margin=\"0.16,0.07\"];\n"
    text += "edge [fontname=\"sans-serif\", fontsize=9, arrowsize=0.7];\n"
    for (number, node) in nodes.enumerated() {
      let label = node.lines.map(WayGraph.escaped).joined(separator: "\\n")
      text += "n\(number) [label=\"\(label)\", class=\"\(node.look.rawValue)\"];\n"
    }
    for edge in edges { text += "n\(edge.from) -> n\(edge.to) [label=\"\(WayGraph.escaped(edge.label))\"];\n" }
    return text + "}\n"
  }

  /// A text as it may stand between quotation marks: no byte of it ends them or begins an escape, and Graphviz finds
  /// no character reference in it. Compared as bytes, as a mark with an accent behind it ends a string too.
  static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += Array("\\\"".utf8)
      case UInt8(ascii: "\\"): bytes += Array("\\\\".utf8)
      case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
      case 0..<0x20, 0x7f: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Names of organisations in a drawing: without what all of the chain have in common behind the first dot, so that a
/// drawing is narrow enough for a phone. The list beside it has them whole.
struct DrawnNames {
  private let scope: PageScope
  private let isShort: Bool

  init(_ scope: PageScope) {
    self.scope = scope
    let ends = (0..<scope.consortium.organisations.count).map { DrawnNames.end(of: scope.organisationName($0)) }
    isShort = ends.allSatisfy { !$0.isEmpty && $0.utf8.elementsEqual((ends.first ?? "").utf8) }
  }

  func name(_ organisation: UInt16) -> String {
    let name = scope.organisationName(Int(organisation))
    return isShort ? String(name.prefix { $0 != "." }) : name
  }

  /// What stands behind the first dot; nothing where there is none, or nothing before it.
  private static func end(of name: String) -> Substring {
    guard let dot = name.firstIndex(of: "."), dot > name.startIndex else { return "" }
    return name[dot...].dropFirst()
  }
}
