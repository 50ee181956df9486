internal import ArgumentParser
internal import Contracts
internal import Foundation
internal import HeartChain
internal import Ledger
internal import Node
internal import Storage
internal import TransparencyLog

/// `tongzhou bench trace`.
struct BenchTrace: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Take up signed manifests of events of gifts, then find and prove ways of ten thousand events.",
    discussion: """
      events_per_s counts events of manifests of 1,000, each a block of its own, on one core: from the batch's bytes
      over signatures, hashes and the contract to the new state root and log root, without disk. way_ms is the median
      time of finding a gift's lot's descendants and the whole way of what it became in the search index's file, and of
      proving the record, its path and the way against the state root; way_ms_max the worst. bytes_per_lot is what the
      state keeps of a lot with its gift: both records, as in the tables' images, and the eight bytes of stored hashes
      that each record costs. state_bytes_per_lot is the image of all tables.
      """)

  /// Gifts that a way goes back to.
  private static let wayGifts = 10_000

  @Option(help: "Events (100,000 to 100,000,000).")
  var events = 1_000_000

  @Option(help: "Addresses to which gifts are bound (1 to 10,000,000).")
  var givers = 100_000

  @Option(help: "Ways of ten thousand events among them (1 to 10).")
  var ways = 5

  @Option(help: "How often each way is looked for (1 to 1000).")
  var rounds = 10

  @OptionGroup var json: JSONOption

  func validate() throws {
    guard (100_000...100_000_000).contains(events) else { throw ValidationError("--events is 100000 to 100000000") }
    guard (1...10_000_000).contains(givers) else { throw ValidationError("--givers is 1 to 10000000") }
    guard (1...10).contains(ways) else { throw ValidationError("--ways is 1 to 10") }
    guard (1...1000).contains(rounds) else { throw ValidationError("--rounds is 1 to 1000") }
    guard events >= ways * BenchTrace.wayGifts else { throw ValidationError("each way takes 10000 of the events") }
  }

  func run() throws {
    do {
      let figures = try measure()
      if json.isOn {
        try Output.json(figures)
      } else {
        Output.line("\(figures.events) events in manifests of \(GiftField.rows): \(figures.events_per_s) a second")
        Output.line("  a manifest p50 \(figures.manifest_ms_p50) ms, p99 \(figures.manifest_ms_p99) ms")
        Output.line("  ways of \(figures.way_events) events p50 \(figures.way_ms) ms, worst \(figures.way_ms_max) ms")
        Output.line("  \(figures.bytes_per_lot) bytes a lot with its gift, \(figures.rss_mb) MB in all")
      }
    } catch {
      throw Output.fail(error)
    }
  }

  private func measure() throws -> Figures {
    let directory = BenchChain.temporaryDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let path = directory + "/search.sqlite"
    var field = try GiftField(givers: givers)
    let told = try tell(&field, path)
    var limit = try VerifyLimit(field.transactions)
    limit.measure()
    // Opened anew, so that nothing of the file is in this process's memory.
    let index = try SearchIndex.open(path: path, chain: field.genesis.chain)
    let looks = try look(field, index, told.ways)
    let seconds = told.times.reduce(0, +) / 1000
    let image = field.image
    let tables = Dictionary(uniqueKeysWithValues: image.tables.map { ($0.name, $0) })
    func bytes(_ name: String) -> Int { (tables[name]?.recordBytes ?? 0) + GiftField.hashBytesPerRecord }
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    let all = told.times.count * GiftField.rows
    return Figures(
      events: all, manifests: told.times.count, seconds: seconds, events_per_s: Double(all) / seconds,
      events_per_cpu_s: Double(all) / field.processorSeconds,
      manifest_ms_p50: told.times.percentile(50), manifest_ms_p99: told.times.percentile(99),
      verify_limit_per_s: limit.perSecond, index_events_per_s: Double(all) / told.feeding,
      index_bytes_per_event: Double(size) / Double(all), ways: ways, rounds: rounds, way_events: looks.events,
      way_ms: looks.ways.percentile(50), way_ms_max: looks.ways.max() ?? 0,
      way_cpu_ms: looks.processor.percentile(50), impact_ms: looks.impacts.percentile(50),
      impact_ms_max: looks.impacts.max() ?? 0, bytes_per_lot: bytes("lots") + bytes("gifts"),
      state_bytes_per_lot: Double(image.tables.reduce(0) { $0 + $1.count * $1.recordBytes })
        / Double(field.hearts.lots.count),
      lots: field.hearts.lots.count, gifts: field.hearts.gifts.count, givers: field.hearts.givers.count - 1,
      rss_mb: Memory.resident / 1_048_576)
  }

  /// What came of taking up the events.
  private struct Told {
    /// Milliseconds of each manifest.
    var times: [Double] = []
    /// Seconds that feeding the index took.
    var feeding = 0.0
    /// Of each way a gift's lot and the lot that it became.
    var ways: [(gift: UInt32, last: UInt32)] = []
  }

  /// Takes up the events, with the gifts of each way spread among them, and feeds the index.
  private func tell(_ field: inout GiftField, _ path: String) throws -> Told {
    let index = try SearchIndex.open(path: path, chain: field.genesis.chain)
    var told = Told()
    func feed(_ blocks: [IndexedBlock]) throws {
      let began = ContinuousClock.now
      try index.feed(blocks)
      told.feeding += (ContinuousClock.now - began) / .seconds(1)
    }
    let manifests = events / GiftField.rows
    let perWay = BenchTrace.wayGifts / GiftField.rows
    var pooled: [UInt32] = []
    var bar = ProgressBar("telling")
    for number in 0..<manifests {
      let first = UInt32(field.hearts.lots.count)
      let isPooled = number % (manifests / (ways * perWay)) == 0 && pooled.count < ways * BenchTrace.wayGifts
      told.times.append(try field.tell(isPooled ? field.pooledGifts() : field.road()) / .milliseconds(1))
      if isPooled { pooled += first..<first + UInt32(GiftField.rows) }
      if number % 64 == 63 { try feed(field.takeBlocks()) }
      bar.show(number, of: manifests)
    }
    bar.finish()
    for way in 0..<ways {
      let lots = Array(pooled[way * BenchTrace.wayGifts..<(way + 1) * BenchTrace.wayGifts])
      let events = field.pool(lots)
      let made = UInt32(events.count { $0.kind == .repacked })
      let first = UInt32(field.hearts.lots.count)
      _ = try field.tell(events)
      told.ways.append((lots[lots.count / 2], first + made - 1))
    }
    try feed(field.takeBlocks())
    return told
  }

  /// Finds and proves the ways, and follows a gift of each.
  private func look(
    _ field: GiftField, _ index: SearchIndex, _ wanted: [(gift: UInt32, last: UInt32)]
  ) throws -> (events: Int, ways: [Double], processor: [Double], impacts: [Double]) {
    var (events, times, processor, impacts): (Int, [Double], [Double], [Double]) = (0, [], [], [])
    var app = field.chain.app
    let commitment = app.commitment()
    let failed = LedgerError(.malformed, "a way was not found, or does not lead to its record")
    let found = LotWays(index, at: field.chain.height)
    for _ in 0..<rounds {
      for (gift, last) in wanted {
        let (began, used) = (ContinuousClock.now, ProcessorTime.seconds)
        guard try found.descendants(of: gift).last == last, let way = try found.way(of: last),
          let table = commitment.proof(ofTable: "lots"),
          let record = app.recordProof(table: "lots", ordinal: Int(last)),
          StateProof(table: table, record: record).verify(name: "lots", version: 1, under: field.stateRoot),
          way.verify(LotRecord(from: record.record.span.bytes))
        else { throw failed }
        times.append((ContinuousClock.now - began) / .milliseconds(1))
        processor.append((ProcessorTime.seconds - used) * 1000)
        events = way.steps.count
        let start = ContinuousClock.now
        guard let impact = try found.impact(of: gift, in: field.hearts), impact.quantity(.handedOver) == impact.given
        else { throw failed }
        impacts.append((ContinuousClock.now - start) / .milliseconds(1))
      }
    }
    return (events, times, processor, impacts)
  }

  /// The figures, under the names that scripts read.
  struct Figures: Encodable {
    let events: Int
    let manifests: Int
    let seconds: Double
    let events_per_s: Double
    let events_per_cpu_s: Double
    let manifest_ms_p50: Double
    let manifest_ms_p99: Double
    let verify_limit_per_s: Double
    let index_events_per_s: Double
    let index_bytes_per_event: Double
    let ways: Int
    let rounds: Int
    let way_events: Int
    let way_ms: Double
    let way_ms_max: Double
    let way_cpu_ms: Double
    let impact_ms: Double
    let impact_ms_max: Double
    let bytes_per_lot: Int
    let state_bytes_per_lot: Double
    let lots: Int
    let gifts: Int
    let givers: Int
    let rss_mb: Int
  }
}
