public import HeartChain
internal import Ledger

/// Events of gifts written by people, one to a line, as YAML or as CSV out of a spreadsheet: what an organisation's
/// officer signs as a manifest.
///
/// docs/hearts.md lists the columns. Organisations, kinds and units stand in words, lots by their ordinals or by names
/// that an earlier line of the file gave them (`as`). Reading is strict: whatever does not read exactly is an error
/// with its line, and so is an event whose form the contract would refuse. Whether a lot is there and held by the right
/// organisation only the chain knows.
public struct EventFile: Sendable {
  /// The version of the layout of YAML.
  public static let format: UInt32 = 1
  /// The most bytes of a file.
  public static let maximumBytes = 8 << 20
  /// The most events of a file.
  public static let maximumEvents = 50_000

  /// How a file is written.
  public enum Form: Sendable {
    /// YAML.
    case yaml
    /// Comma-separated values.
    case csv

    /// The form that the name of a file says.
    public init(path: String) { self = path.lowercased().hasSuffix(".csv") ? .csv : .yaml }
  }

  /// The events, in the order of the file.
  public let events: [TraceEvent]
  /// The line of each; `nil` where it is not known.
  public let lines: [Int?]
  /// The file, as it was named by the caller.
  public let file: String

  /// Reads the file at a path; its name says in which form it is.
  public init(path: String, names: EventNames) throws(WrittenFileError) {
    let text = try WrittenFile(.hearts, path).text(limit: EventFile.maximumBytes)
    try self.init(text: text, form: Form(path: path), file: path, names: names)
  }

  /// Reads the text of a file; `file` only names it in errors.
  public init(text: String, form: Form, file: String, names: EventNames) throws(WrittenFileError) {
    let written = WrittenFile(.hearts, file)
    let rows =
      switch form {
      case .yaml: try EventText.yaml(text, file: written)
      case .csv: try EventText.csv(text, file: written)
      }
    guard !rows.isEmpty, rows.count <= EventFile.maximumEvents else {
      throw written.failure(.rule, "a file has 1 to \(EventFile.maximumEvents) events")
    }
    var reader = EventReader(names: names)
    var events: [TraceEvent] = []
    for row in rows { events.append(try reader.read(row)) }
    self.events = events
    lines = rows.map(\.line)
    self.file = file
  }

  /// Events as text that reads back to the same events.
  ///
  /// - Throws: `encoding.malformed` where a row names a lot that no earlier row made.
  public static func text(of events: [TraceEvent], form: Form, names: EventNames) throws -> String {
    let rows = try EventWriter(events, names: names).rows()
    return form == .yaml ? try EventText.yaml(of: rows) : EventText.csv(of: rows)
  }
}

extension EventFile {
  /// The events of one manifest, and which of the file they are.
  public struct Part: Sendable {
    /// The index in the file of the first.
    public let start: Int
    /// The events, their references counted from it.
    public let events: [TraceEvent]
  }

  /// The most bytes of rows of one manifest: a batch holds them with room to spare, and a node takes them in base64.
  public static let maximumManifestBytes = 256 << 10

  /// Cuts the events into manifests that a batch holds, nowhere between an event and one that refers to it.
  ///
  /// - Throws: `heart_file.rule` where too many events belong together.
  public func parts(limit: Int = EventFile.maximumManifestBytes) throws(WrittenFileError) -> [Part] {
    // The first event to which any from here on refers.
    var earliest = Array(events.indices)
    for index in events.indices.reversed() {
      let own = EventFile.references(of: events[index]).map { EventFile.row(of: $0) }.min() ?? index
      earliest[index] = min(own, index + 1 < events.count ? earliest[index + 1] : index)
    }
    var parts: [Part] = []
    var start = 0
    while start < events.count {
      var (end, size) = (start, 0)
      while end < events.count, size + events[end].row.count <= limit {
        size += events[end].row.count
        end += 1
      }
      while end > start, end < events.count, earliest[end] < end { end -= 1 }
      guard end > start else {
        throw WrittenFile(.hearts, file).failure(
          .rule, "more events belong together here than a manifest holds; refer to lots by their ordinals instead",
          line: lines[start])
      }
      parts.append(Part(start: start, events: events[start..<end].map { EventFile.moved($0, by: start) }))
      start = end
    }
    return parts
  }

  /// The references of an event to lots that rows of the same file make.
  static func references(of event: TraceEvent) -> [UInt32] {
    ([event.lot] + event.ingoing.map(\.lot)).filter { $0 >= 1 << 31 }
  }

  /// The row that a reference names.
  static func row(of reference: UInt32) -> Int { Int(reference & (1 << 31 - 1)) >> 8 }

  /// The event with references that count from a later row.
  private static func moved(_ event: TraceEvent, by start: Int) -> TraceEvent {
    func moved(_ lot: UInt32) -> UInt32 {
      lot < 1 << 31 ? lot : TraceEvent.made(by: row(of: lot) - start, output: Int(lot & 255))
    }
    var event = event
    event.lot = moved(event.lot)
    for index in 0..<Int(event.inputs) { event.parts[index].lot = moved(event.parts[index].lot) }
    return event
  }

  /// How many lots an event makes.
  static func made(by event: TraceEvent) -> Int {
    switch event.kind {
    case .donated, .pledged, .planted, .disbursed, .packed: 1
    case .repacked: event.outgoing.count
    default: 0
    }
  }
}
