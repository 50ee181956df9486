internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// A member's statement; the ledger knows statements of another kind.
typealias MemberStatement = TongzhouClient.Statement

/// What a proof from a file is held against.
struct OfflineOptions: ParsableArguments {
  @Option(
    help: """
      For a file: the policy of the organisations, kept from before, as a node has it at /log/aid/policy/0; again with \
      the proofs of its changes, /log/aid/policies; or several, or a folder of them, with their heights as names.
      """)
  var policy: [String] = []

  /// The pinned chain and policy; both are needed, for a file says of itself what it likes.
  func pins(_ node: NodeOptions) throws -> (chain: Hash, policies: KnownPolicies) {
    guard let chain = try node.pinned(), !policy.isEmpty else {
      throw LedgerError(.malformed, "a file is held against a chain id and a policy: give --genesis and --policy")
    }
    return (chain, try PolicyFiles.read(policy, chain: chain))
  }

  /// Whether what a command is given is an address and no file.
  static func isAddress(_ text: String) -> Bool { text.hasPrefix("http://") || text.hasPrefix("https://") }
}

/// `tongzhou statement`.
struct StatementCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statement",
    abstract: "A membership's statement: every change and every share since the join, proven.",
    discussion: """
      Fetches the statement from a node, or reads it from a file, and derives the balance anew from the proofs:
      nothing can be left out or added. Keep the file; it can be checked for ever without asking anybody.

        tongzhou statement http://127.0.0.1:8080 --membership 3 --output statement.json
        tongzhou statement statement.json --genesis CHAIN-ID --policy policy
      """)

  @Argument(help: "The node's address, or a statement's file.")
  var place: String

  @Option(help: "The membership's ordinal.")
  var membership: UInt32?

  @Option(help: "Write the statement to this file.")
  var output: String?

  @OptionGroup var offline: OfflineOptions
  @OptionGroup var node: NodeOptions
  @OptionGroup var json: JSONOption

  func run() async throws {
    do {
      let (statement, proven) = try await statement()
      if let output { try SmallFile.write(statement.json(), to: output) }
      let shown = Shown(statement, proven)
      try json.isOn ? Output.json(shown) : shown.print(isPinned: node.genesis != nil)
    } catch {
      throw Output.fail(error)
    }
  }

  private func statement() async throws -> (MemberStatement, MemberStatement.Proven) {
    guard OfflineOptions.isAddress(place) else {
      let pins = try offline.pins(node)
      let statement = try MemberStatement(file: SmallFile.read(place, limit: MemberStatement.maximumByteCount))
      let proven = try pins.policies.holding(statement.seal) { policy throws(ProofError) in
        try statement.verify(chain: pins.chain, policy: policy)
      }
      return (statement, proven)
    }
    guard let membership else { throw LedgerError(.malformed, "--membership says whose statement") }
    return try await node.with(place) { client, name, chain in
      try await client.statement(of: membership, on: name, chain: chain)
    }
  }

  /// A statement as it is shown. Money is in yuan.
  struct Shown: Encodable {
    struct Line: Encodable {
      let time: UInt64
      let what: String
      let amount: String
      let balance: String?
    }

    let chain: String
    let membership: UInt64
    let plan: UInt16
    let number: UInt32
    let owner: String
    let height: UInt64
    let time: UInt64
    let balance: String
    let lines: [Line]
    let ok = true

    private enum CodingKeys: String, CodingKey {
      case chain, membership, plan, number, owner, height, time, balance, lines, ok
    }

    init(_ statement: MemberStatement, _ proven: MemberStatement.Proven) {
      chain = statement.chain
      membership = statement.membership.ordinal
      plan = proven.membership.plan
      number = proven.membership.number
      owner = proven.membership.owner.description
      height = proven.seal.height
      time = proven.seal.time.seconds
      balance = Amount(micro: proven.balance).description
      var lines: [Line] = []
      var shares = proven.shares[...]
      for change in proven.changes {
        // In the order in which the ledger took the steps: by C, and by time where C stayed the same.
        let before = shares.prefix { share in
          let settlement: SettlementRecord = share.settlement
          if settlement.cumulative != change.cumulative { return settlement.cumulative < change.cumulative }
          return settlement.time <= change.time
        }
        lines += before.map { Line($0) }
        shares = shares.dropFirst(before.count)
        lines.append(
          Line(
            time: change.time.seconds, what: "\(change.kind)", amount: Amount(micro: change.amount).description,
            balance: nil))
      }
      self.lines = lines + shares.map { Line($0) }
    }

    func print(isPinned: Bool) {
      Output.line("membership \(membership), member \(number) of plan \(plan), \(owner)")
      for line in lines {
        let date = CivilDate(Timestamp(seconds: line.time))
        let day = String(format: "%04d-%02d-%02d", date.year, date.month, date.day)
        let what = line.what.padding(toLength: 12, withPad: " ", startingAt: 0)
        Output.line("  \(day)  \(what) \(line.amount)" + (line.balance.map { "  balance \($0)" } ?? ""))
      }
      Output.line("  balance \(balance) yuan after block \(height), derived anew and proven")
      Output.line(
        "  chain \(chain)" + (isPinned ? ", as pinned" : "; compare it with the one you know, or use --genesis"))
    }
  }
}

extension StatementCommand.Shown.Line {
  init(_ share: (settlement: SettlementRecord, given: Int64, balance: Int64)) {
    self.init(
      time: share.settlement.time.seconds, what: "share", amount: Amount(micro: share.given).description,
      balance: Amount(micro: share.balance).description)
  }
}
