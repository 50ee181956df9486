internal import ArgumentParser
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou compare`.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Whether several places show one and the same ledger.",
    discussion: """
      Fetches the checkpoints of nodes, followers and mirrors, checks each against the policy of its size, and then
      whether all can be of one log: of one size with one root, or the larger going on from the smaller, by a proof
      from the larger one's tiles. With --memory the newest checkpoint that was seen before is one of them. To be
      behind is no split: it says by how many entries.

        tongzhou compare https://a.example https://b.example https://mirror.example/log/aid --genesis CHAIN-ID

      Exits with 0 where all show one ledger, with 2 where they do not (`watch.split_view`), and with 1 where a place
      could not be asked or shows something that does not hold. --evidence FILE keeps both signed checkpoints.
      """)

  @Argument(help: "Addresses of nodes, or of logs such as http://HOST/log/aid; one is enough with --memory.")
  var urls: [String]

  @OptionGroup var pinned: PinnedOptions
  @OptionGroup var json: JSONOption

  func run() async throws {
    let outcome: Outcome
    do {
      guard urls.count + (pinned.memory == nil ? 0 : 1) >= 2 else {
        throw LedgerError(.malformed, "two places are needed, or one and --memory")
      }
      outcome = try await compare()
      try json.isOn ? Output.json(outcome) : outcome.print()
    } catch {
      throw Output.fail(error)
    }
    if !outcome.splits.isEmpty { throw ExitCode(2) }
    if !outcome.ok { throw ExitCode(1) }
  }

  private func compare() async throws -> Outcome {
    let chain = try pinned.pinned()
    let places = try pinned.places(urls, patience: 5)
    do {
      let outcome = try await compare(places, chain)
      for place in places { await place.shutdown() }
      return outcome
    } catch {
      for place in places { await place.shutdown() }
      throw error
    }
  }

  private func compare(_ places: [WatchedPlace], _ chain: Hash) async throws -> Outcome {
    var outcome = Outcome(chain: chain.description)
    let (views, failures) = await looks(places, chain)
    let remembered = try pinned.remembered(of: chain)
    let comparison = Comparison((remembered.map { [$0] } ?? []) + views)
    var splits = comparison.plainSplits
    var undecided = failures
    for question in comparison.questions {
      guard let place = places.first(where: { $0.address == question.larger.source }) else { continue }
      do {
        let files = try await place.files(of: question.larger)
        defer { files.close() }
        if let split = try await OwnThread.run({ try question.answer(from: files) }) { splits.append(split) }
      } catch {
        undecided.append((place.address, FoundError(error)))
      }
    }
    let largest = comparison.views.last?.checkpoint.size ?? 0
    outcome.places = views.map { Outcome.Place($0, largest: largest) }
    outcome.failures = undecided.map { Outcome.Failure(source: $0.0, code: $0.1.code, message: $0.1.message) }
    for split in splits {
      let evidence = try pinned.keep(split, of: chain)
      outcome.splits.append(
        Outcome.Split(code: WatchLine.Code.splitView.name, message: split.words, evidence: evidence))
    }
    outcome.seenBefore = remembered?.checkpoint.size
    outcome.ok = splits.isEmpty && undecided.isEmpty
    if outcome.ok, let newest = views.max(by: { $0.checkpoint.size < $1.checkpoint.size }) {
      try pinned.remember(newest, of: chain)
    }
    return outcome
  }

  /// What every place shows. Changes of the endorsers that one place proves serve for all.
  private func looks(
    _ places: [WatchedPlace], _ id: Hash
  ) async -> (views: [Comparison.View], failures: [(String, FoundError)]) {
    var chain: TrustedChain?
    var views: [Comparison.View] = []
    var failed: [String: FoundError] = [:]
    var left = places
    // The policy that a place needs may have come from one asked after it.
    for _ in 0..<2 {
      let asked = left
      left = []
      for place in asked {
        do {
          var known: TrustedChain
          if let chain { known = chain } else { known = try await place.trusted(pinned: id) }
          views.append(try await place.look(&known))
          chain = known
          failed[place.address] = nil
        } catch {
          failed[place.address] = FoundError(error)
          if (error as? ProofError)?.code == .noQuorum { left.append(place) }
        }
      }
    }
    return (views, places.compactMap { place in failed[place.address].map { (place.address, $0) } })
  }
}

extension CompareCommand {
  /// Who shows what.
  struct Outcome: Encodable {
    struct Place: Encodable {
      let source: String
      let size: UInt64
      let root: String
      /// Entries that the largest of the places has more.
      let behind: UInt64

      init(_ view: Comparison.View, largest: UInt64) {
        source = view.source
        size = view.checkpoint.size
        root = view.checkpoint.root.description
        behind = largest - view.checkpoint.size
      }
    }

    struct Failure: Encodable {
      let source: String
      let code: String
      let message: String
    }

    struct Split: Encodable {
      let code: String
      let message: String
      /// The file with both signed checkpoints, where it was written.
      let evidence: String?
    }

    let chain: String
    var places: [Place] = []
    var failures: [Failure] = []
    var splits: [Split] = []
    /// Entries of the log when it was seen largest before.
    var seenBefore: UInt64?
    var ok = false

    private enum CodingKeys: String, CodingKey {
      case chain, places, failures, splits, ok
      case seenBefore = "seen_before"
    }

    init(chain: String) { self.chain = chain }

    func print() {
      Output.line("chain \(chain), as pinned")
      for place in places {
        let behind = place.behind == 0 ? "the newest" : "\(place.behind) entries behind"
        Output.line("  \(place.source): \(place.size) entries, \(behind), root \(place.root)")
      }
      if let seenBefore { Output.line("  seen before: \(seenBefore) entries") }
      for failure in failures { Output.line("  \(failure.source): \(failure.message) (\(failure.code))") }
      for split in splits {
        Output.line("\(split.code): \(split.message)")
        guard let evidence = split.evidence else { continue }
        Output.line("  both signed checkpoints are in \(evidence): show it to others")
      }
      if ok { Output.line("all show one ledger") }
      if splits.isEmpty, !failures.isEmpty { Output.line("not all could be compared") }
    }
  }
}
