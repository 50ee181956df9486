internal import ArgumentParser
internal import Consortium
internal import Foundation
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

extension MemberCommand {
  /// `tongzhou member audit`.
  struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a member: see that what is on the chain under your address is what you signed.",
      discussion: """
        Lists every transaction under your address, checks each by its receipt and under your keys, opens the
        commitments whose contents you give, and holds your statement, which can leave nothing out, against them. Ends
        with status 1 where something is not yours. Secret and contents stay here; nothing of them is sent or printed.

          tongzhou member audit http://127.0.0.1:8080 --membership 3 --secret me.key \\
            --open payee=account.txt --keep mine
          tongzhou member audit mine/*.json --secret me.key --genesis CHAIN-ID --policy policy

        What can be opened: \(KeyPapers.words.joined(separator: ", ")); votes on a jury need no file.
        """)

    @Argument(help: "The node's address; or files: receipts, and the statement.")
    var places: [String]

    @Option(help: "The membership's ordinal, for a node.")
    var membership: UInt32?

    @Option(parsing: .singleValue, help: "A file with your secret; once more for each secret you changed to.")
    var secret: [String]

    @Option(parsing: .singleValue, help: "A content and its file, like payee=account.txt; as often as needed.")
    var open: [String] = []

    @Option(help: "The plan's ordinal, for receipts without a statement.")
    var plan: UInt16 = 0

    @Flag(help: "A group enrolled you: your join was not yours to sign.")
    var enrolled = false

    @Option(help: "Write statement and receipts into this folder, to do the same again without a node.")
    var keep: String?

    @Option(
      help: """
        For files: the policy of the organisations that you know, as a node has it at /log/aid/policy/0; again with \
        the proofs of its changes, /log/aid/policies; or several policies, or a folder of them, with their heights as \
        names.
        """)
    var policy: [String] = []

    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        let secrets = try secret.map { try SecretFile.read($0) }
        let contents = try contents()
        let audit: KeyAudit
        if places.count == 1, places[0].hasPrefix("http://") || places[0].hasPrefix("https://") {
          audit = try await node.with(places[0]) { client, name, chain in
            try await ask(client, name, chain, secrets, contents)
          }
        } else {
          audit = try read(secrets, contents)
        }
        let shown = Shown(audit)
        try json.isOn ? Output.json(shown) : shown.print()
        guard audit.findings.isEmpty else {
          for finding in audit.findings { Output.note("\(finding)") }
          throw ExitCode(1)
        }
      } catch let code as ExitCode {
        throw code
      } catch {
        throw Output.fail(error)
      }
    }

    private func contents() throws -> [String: [[UInt8]]] {
      var contents: [String: [[UInt8]]] = [:]
      for item in open {
        let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, KeyPapers.words.contains(parts[0]) else {
          throw LedgerError(
            .malformed, "--open is WHAT=FILE, where WHAT is one of \(KeyPapers.words.joined(separator: ", "))")
        }
        contents[parts[0], default: []].append(try SmallFile.read(parts[1]))
      }
      return contents
    }

    /// From a node, whose word counts for nothing but where to look.
    private func ask(
      _ client: NodeClient, _ name: String, _ chain: TrustedChain, _ secrets: [BackupSecret],
      _ contents: [String: [[UInt8]]]
    ) async throws -> KeyAudit {
      guard let membership else { throw LedgerError(.malformed, "--membership says which") }
      let (statement, proven) = try await client.statement(of: membership, on: name, chain: chain)
      var receipts: [Receipt] = []
      for hash in try await client.transactions(of: proven.membership.owner, on: name) {
        receipts.append(try await client.unverifiedReceipt(of: hash, on: name))
      }
      let audit = try KeyAudit(
        receipts, statement: (membership, proven),
        papers: KeyPapers(secrets, chain: chain.id, plan: proven.membership.plan, contents: contents),
        chain: chain.id, policies: .proven(chain.policies), isEnrolled: enrolled)
      if let keep {
        try FileManager.default.createDirectory(atPath: keep, withIntermediateDirectories: true)
        try SmallFile.write(statement.json(), to: keep + "/statement.json")
        for receipt in receipts { try SmallFile.write(receipt.json(), to: keep + "/receipt-\(receipt.index).json") }
      }
      return audit
    }

    /// From files, against what was pinned.
    private func read(_ secrets: [BackupSecret], _ contents: [String: [[UInt8]]]) throws -> KeyAudit {
      guard let chain = try node.pinned(), !policy.isEmpty else {
        throw LedgerError(.malformed, "files are held against a chain id and a policy: give --genesis and --policy")
      }
      let policies = try PolicyFiles.read(policy, chain: chain)
      var receipts: [Receipt] = []
      var statement: (membership: UInt32, proven: MemberStatement.Proven)?
      for path in places {
        let bytes = try SmallFile.read(path, limit: MemberStatement.maximumByteCount)
        let content = try ProofContent(bytes, limit: MemberStatement.maximumByteCount)
        if content.format == MemberStatement.format {
          let file = try content.read(as: MemberStatement.self)
          let proven = try policies.holding(file.seal) { policy throws(ProofError) in
            try file.verify(chain: chain, policy: policy)
          }
          guard statement == nil, let ordinal = UInt32(exactly: file.membership.ordinal) else {
            throw LedgerError(.malformed, "\(path): one statement at a time")
          }
          statement = (ordinal, proven)
        } else {
          receipts.append(try content.read(as: Receipt.self))
        }
      }
      return try KeyAudit(
        receipts, statement: statement,
        papers: KeyPapers(
          secrets, chain: chain, plan: statement?.proven.membership.plan ?? plan, contents: contents),
        chain: chain, policies: policies, isEnrolled: enrolled)
    }
  }
}

extension MemberCommand.Audit {
  /// What was found, without anything secret.
  struct Shown: Encodable {
    struct Commitment: Encodable {
      let what: String
      let opening: String
    }

    struct Line: Encodable {
      let index: UInt64
      let height: UInt64
      let time: UInt64
      let transaction: String
      let what: String
      let signedByYou: Bool
      /// Whether your statement has the change that it makes.
      let inStatement: Bool
      let commitments: [Commitment]

      private enum CodingKeys: String, CodingKey {
        case index, height, time, transaction, what, commitments
        case signedByYou = "signed_by_you"
        case inStatement = "in_statement"
      }
    }

    struct Finding: Encodable {
      let code: String
      let message: String
    }

    let transactions: [Line]
    let changes: Int
    let findings: [Finding]
    let ok: Bool

    init(_ audit: KeyAudit) {
      transactions = audit.lines.map { line in
        Line(
          index: line.index, height: line.height, time: line.time.seconds,
          transaction: line.transaction.hash.description, what: Self.words(line.transaction.action),
          signedByYou: line.isHers, inStatement: line.change != nil,
          commitments: line.commitments.map { Commitment(what: $0.what.word, opening: $0.opening.rawValue) })
      }
      changes = audit.changes
      findings = audit.findings.map { Finding(code: $0.code.name, message: $0.message) }
      ok = findings.isEmpty
    }

    /// An action in words: its name, apart at its capitals.
    private static func words(_ action: Action) -> String {
      let name: String
      if action.belongs(to: MutualAid.name), let kind = MutualAidAction(rawValue: action.kind) {
        name = "\(kind)"
      } else if action.belongs(to: Consortium.name),
        let kind = ConsortiumAction(rawValue: action.kind)
      {
        name = "\(kind)"
      } else {
        return "kind \(action.kind) of a contract that is not known here"
      }
      return name.map { $0.isUppercase ? " " + $0.lowercased() : String($0) }.joined()
    }

    func print() {
      for line in transactions {
        let day = Timestamp(seconds: line.time).dayText
        let signer = line.signedByYou ? "signed by you" : "NOT signed by you"
        let change = line.inStatement ? ", and your statement has it" : ""
        Output.line("\(day)  \(line.what): \(signer), entry \(line.index) in block \(line.height)\(change)")
        for commitment in line.commitments { Output.line("            \(commitment.what): \(commitment.opening)") }
      }
      Output.line(
        "\(transactions.count) transactions under your address, \(changes) changes in your statement"
          + (ok ? ": everything is what you signed" : "; \(findings.count) findings"))
    }
  }
}
