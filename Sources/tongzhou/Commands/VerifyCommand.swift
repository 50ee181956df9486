internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou verify`, which is `tongzhou statement verify` too.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks a proof file without asking anybody.",
    discussion: """
      Takes a receipt, a statement, a state proof, a proof of absence, the way of a gift or the evidence of a split
      view, as docs/proofs.md describes them, plain or packed by gzip, and checks everything it claims against the chain
      id and the policy that you already have. It opens no connection. With --memory it remembers the newest checkpoint
      of each chain and tells when its log has shown two different ones of one size.

        tongzhou verify receipt.json --genesis CHAIN-ID --policy policy --memory seen.json

      A receipt drawn as QR codes (receipt --qr) is read back as pieces, which join to the file:

        zbarimg --raw --oneshot -Sbinary photo-1.jpg > piece-1
        tongzhou verify piece-1 piece-2 --genesis CHAIN-ID --policy policy
      """)

  @Argument(help: "The file; or the pieces of one file that QR codes hold, in any order.")
  var files: [String]

  @Option(help: "The chain id you know: 64 hexadecimal digits.")
  var genesis: String

  @Option(
    help: """
      The policy of the organisations that you know, as a node has it at /log/aid/policy/0; again with the proofs of \
      its changes, /log/aid/policies; or several policies, or a folder of them, with their heights as names.
      """)
  var policy: [String] = []

  @Option(help: "A file that remembers the newest checkpoints seen; made when it is not there.")
  var memory: String?

  @Option(help: "Language of a way's steps: zh or en.")
  var lang = LanguageOption.en

  @OptionGroup var json: JSONOption

  func run() throws {
    do {
      guard let chain = Hash(hexadecimal: genesis) else {
        throw LedgerError(.malformed, "a chain id is 64 hexadecimal digits")
      }
      guard !policy.isEmpty else { throw LedgerError(.malformed, "a file is held against a policy: give --policy") }
      let policies = try PolicyFiles.read(policy, chain: chain)
      let content = try ProofContent(content(), limit: MemberStatement.maximumByteCount)
      if content.format == SplitView.format { return try showSplit(content, chain, policies) }
      let file = try VerifiedFile(content, chain: chain, policies: policies, language: lang.language)
      let age = try remember(file.checkpoint, of: chain)
      try json.isOn ? Output.json(Shown(file, age: age)) : print(file, age: age)
    } catch {
      throw Output.fail(error)
    }
  }

  /// Evidence that holds says that the ledger is two; there is nothing to remember.
  private func showSplit(_ content: ProofContent, _ chain: Hash, _ policies: KnownPolicies) throws {
    let evidence = try content.read(as: SplitView.self)
    let (smaller, larger) = try evidence.verify(chain: chain, policies: policies)
    let shown = ShownSplit(
      format: evidence.format, sizes: [smaller.size, larger.size],
      roots: [smaller.root.description, larger.root.description], sources: evidence.views.map(\.source))
    guard !json.isOn else { return try Output.json(shown) }
    Output.line("valid: \(shown.format)")
    Output.line("  a quorum signed \(smaller.size) entries with root \(smaller.root)")
    Output.line("  and \(larger.size) entries with root \(larger.root)")
    Output.line("  which are not of one log: the chain's organisations showed two different ledgers")
  }

  /// Evidence that was verified, as data.
  struct ShownSplit: Encodable {
    let format: String
    let sizes: [UInt64]
    let roots: [String]
    let sources: [String]
    let split = true
    let ok = true

    private enum CodingKeys: String, CodingKey { case format, sizes, roots, sources, split, ok }
  }

  /// The file's bytes; those of pieces joined.
  private func content() throws -> [UInt8] {
    let contents = try files.map { try SmallFile.read($0, limit: MemberStatement.maximumByteCount) }
    guard contents.count == 1, !ProofParts.isPart(contents[0]) else { return try ProofParts.join(contents) }
    return contents[0]
  }

  private func remember(_ checkpoint: Checkpoint, of chain: Hash) throws -> CheckpointMemory.Age? {
    guard let memory else { return nil }
    var seen = try CheckpointMemory(path: memory)
    let age = try seen.see(checkpoint, of: chain)
    try seen.write(to: memory)
    return age
  }

  private func print(_ file: VerifiedFile, age: CheckpointMemory.Age?) {
    Output.line("valid: \(file.format)")
    for line in file.words { Output.line("  " + line) }
    for line in file.lines { Output.line("    " + line.text) }
    for step in file.steps { Output.line("    " + step) }
    Output.line("  in the state after block \(file.seal.height), time \(file.seal.time.seconds)")
    Output.line("  under a quorum of the policy, on a log of \(file.checkpoint.size) entries; chain as pinned")
    if case .older(let size) = age {
      Output.line("  the log was seen at \(size) entries before: the file is good, and there is more since")
    }
  }

  /// What was verified, as data.
  struct Shown: Encodable {
    let format: String
    let height: UInt64
    let time: UInt64
    let size: UInt64
    let proven: [String]
    /// A statement's changes and shares.
    let lines: [StatementShown.Line]?
    /// A way.
    let way: WayShown?
    /// Entries of the log when it was seen largest, where the file is older.
    let seen: UInt64?
    let ok = true

    private enum CodingKeys: String, CodingKey { case format, height, time, size, proven, lines, way, seen, ok }

    init(_ file: VerifiedFile, age: CheckpointMemory.Age?) {
      format = file.format
      height = file.seal.height
      time = file.seal.time.seconds
      size = file.checkpoint.size
      proven = file.words
      lines = file.lines.isEmpty ? nil : file.lines
      way = file.way
      if case .older(let size) = age { seen = size } else { seen = nil }
    }
  }
}

/// A proof file of any kind that holds.
struct VerifiedFile {
  let format: String
  /// What it proves, in words.
  let words: [String]
  /// The changes and shares of a statement; none of another file.
  var lines: [StatementShown.Line] = []
  /// The steps of a way, each in a line; none of another file.
  var steps: [String] = []
  /// A way as data.
  var way: WayShown?
  let seal: Seal
  let checkpoint: Checkpoint

  init(_ content: ProofContent, chain: Hash, policies: KnownPolicies, language: Language) throws {
    let proof: SealProof
    format = content.format
    switch content.format {
    case Receipt.format:
      let receipt = try content.read(as: Receipt.self)
      let (transaction, seal) = try policies.holding(receipt.seal) { policy throws(ProofError) in
        try receipt.verify(chain: chain, policy: policy)
      }
      (self.seal, proof) = (seal, receipt.seal)
      words = [
        "transaction \(transaction.hash), \(transaction.action.contract) kind \(transaction.action.kind)",
        "by \(transaction.sender)", "stands as entry \(receipt.index)",
        seal.failed == 0
          ? "no transaction of its block was refused"
          : "\(seal.failed) transactions or rows of its block were refused; a replay tells which",
      ]
    case MemberStatement.format:
      let statement = try content.read(as: MemberStatement.self)
      let proven = try policies.holding(statement.seal) { policy throws(ProofError) in
        try statement.verify(chain: chain, policy: policy)
      }
      (seal, proof) = (proven.seal, statement.seal)
      words = VerifiedFile.words(statement, proven)
      lines = StatementShown.Line.all(of: proven)
    case Absence.format:
      let absence = try content.read(as: Absence.self)
      let proven = try policies.holding(absence.seal) { policy throws(ProofError) in
        try absence.verify(chain: chain, policy: policy)
      }
      (seal, proof) = (proven.seal, absence.seal)
      words = ["\(proven.table.rawValue) does not hold \(proven.key)"]
    case ProvenWay.format:
      let file = try content.read(as: ProvenWay.self)
      let proven = try policies.holding(file.seal) { policy throws(ProofError) in
        try file.verify(chain: chain, policy: policy)
      }
      (seal, proof) = (proven.seal, file.seal)
      words = WayShown.words(proven, language)
      steps = WayShown.lines(proven, language)
      way = WayShown(proven)
    default:
      let state = try content.read(as: ProvenState.self)
      seal = try policies.holding(state.seal) { policy throws(ProofError) in
        try state.verify(chain: chain, policy: policy)
      }
      proof = state.seal
      words = [
        "\(state.table.name) holds as record \(state.record.ordinal) of \(state.table.count)",
        Base64.encodeToString(state.record.record),
      ]
    }
    checkpoint = try proof.unverifiedCheckpoint()
  }

  private static func words(_ statement: MemberStatement, _ proven: MemberStatement.Proven) -> [String] {
    let yuan = { (micro: Int64) in Amount(micro: micro).description + " yuan" }
    let given = proven.shares.reduce(into: Int128(0)) { $0 += Int128($1.given) }
    var words = [
      "membership \(statement.membership.ordinal), member \(proven.membership.number) of plan "
        + "\(proven.membership.plan), \(proven.membership.owner)",
      "\(proven.changes.count) changes, \(proven.shares.count) shares of together \(yuan(Int64(clamping: given)))",
      "balance \(yuan(proven.balance)), derived anew",
    ]
    for (settlement, cases) in proven.cases {
      let list = cases.map { "case \($0.number) \(yuan($0.aid))" }.joined(separator: ", ")
      words.append("settlement \(settlement.number) shared \(list)")
    }
    if let (reserve, owed) = proven.reserve {
      words.append(
        "the custodian said at \(reserve.asOf.seconds) that it holds \(yuan(reserve.held)); the plan's books ask for "
          + yuan(owed))
    }
    return words
  }
}
