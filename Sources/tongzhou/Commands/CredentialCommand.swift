internal import ArgumentParser
internal import Credentials
internal import Foundation
internal import HeartChain
internal import Ledger
internal import Node
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou credential`.
struct CredentialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "credential",
    abstract: "A giver's credentials for partners, and badges for everybody: fetch and show them.",
    discussion: """
      A partner asks whether the love index reaches a threshold. She answers with a credential of her wallet, which says
      yes or no and nothing else; each is shown once and lives a day. She needs a consent for the partner on the chain
      (`tongzhou hearts consent`).

        tongzhou credential fetch http://127.0.0.1:8080 --partner 0 --secret me.key --wallet wallet.json
        tongzhou credential present --wallet wallet.json --issuer-keys issuer-keys.json --question QUESTION

      A badge is for showing to anybody: that a fixed step was reached. It needs no consent.

        tongzhou credential badge http://127.0.0.1:8080 --show hearts-10000 --secret me.key --output badge.jwt
      """,
    subcommands: [Issuer.self, Fetch.self, Present.self, Badge.self])

  /// `tongzhou credential issuer`.
  struct Issuer: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the key with which a node issues credentials.",
      discussion: """
        Writes DATA/keys/ORGANISATION.issuer, which only you can read; never over another. A node that finds it at its
        start issues in the name of the URL, under which partners and givers have to reach it.
        """)

    @Option(help: "The node's data directory.")
    var data: String

    @Option(help: "The organisation's name, as on the chain.")
    var organisation: String

    @Option(help: "The issuer's URL, as https://platform.example.")
    var issuer: String

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        guard NodeClient.isName(organisation), !organisation.contains("/") else {
          throw LedgerError(.malformed, "an organisation's name has letters, digits, dots and hyphens")
        }
        let key = try IssuerKey(issuer: issuer)
        let folder = "\(data)/keys"
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let path = "\(folder)/\(organisation).\(GreenPart.fileExtension)"
        try SecretFile.create(path, key.file())
        if json.isOn {
          try Output.json(["file": path, "issuer": key.issuer, "kid": key.kid])
        } else {
          Output.line("key written to \(path)")
          Output.line("issuer \(key.issuer) \(key.kid)")
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou credential fetch`.
  struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch one-time credentials into the wallet.",
      discussion: """
        Makes as many new keys, signs the request with the account's key of this chain, and checks each credential
        before it is kept. The issuer's keys are those of --issuer-keys, or, the first time, those that the node gives,
        which are then written there. The wallet is a secret file; losing it costs nothing but another fetch.
        """)

    @Argument(help: "The issuer's node.")
    var url: String

    @Option(help: "The partner's number on the chain.")
    var partner: UInt32

    @Option(help: "The file with the giver's secret.")
    var secret: String

    @Option(help: "Her address, where she has changed her key.")
    var address: String?

    @Option(help: "The wallet; made when it is not there.")
    var wallet: String

    @Option(help: "The issuer's keys; written when it is not there.")
    var issuerKeys = "issuer-keys.json"

    @Option(help: "How many, 1 to 20.")
    var count = 5

    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        guard CredentialIssuer.batch.contains(count) else {
          throw CredentialError(.badBatch, "1 to \(CredentialIssuer.batch.upperBound) credentials at once")
        }
        // A wallet that cannot be used is refused before anything is issued for it.
        _ = try WalletFile.read(wallet, mayBeMissing: true)
        let left = try await NodeClient.with(url, options: node.client) { client in
          let issuers = try await PinnedKeys.read(issuerKeys, or: client)
          let (_, chain) = try await client.trusted(try await node.heartChain(of: client), pinned: node.pinned())
          let key = try SecretFile.read(secret).heartKey(chain: chain.id)
          let holders = (0..<count).map { _ in HolderKey() }
          let now = Timestamp.wallClock
          let request = try CredentialRequest(
            chain: chain.id, address: address.map { try Address(text: $0) } ?? key.publicKey.address, partner: partner,
            holders: holders.map { try PublicKey($0.publicKey.bytes()) }, at: now, by: key)
          let issued = try await client.credentials(request)
          var credentials: [(LoveIndexCredential, HolderKey)] = []
          for (text, holder) in zip(issued.credentials, holders) {
            let credential = try await LoveIndexCredential(
              text: text, issuers: issuers, holder: holder.publicKey, at: Int64(now.seconds))
            credentials.append((credential, holder))
          }
          let audience = PartnerQuestion.audience(chain: chain.id.description, partner: partner)
          return try add(credentials, for: audience, at: Int64(now.seconds))
        }
        if json.isOn {
          try Output.json(["fetched": count, "left": left])
        } else {
          Output.line("\(count) credentials fetched, \(left) for this partner in \(wallet)")
        }
      } catch {
        throw Output.fail(error)
      }
    }

    /// Puts them into the wallet as it is by now: something may have been shown of it in between.
    private func add(
      _ credentials: [(LoveIndexCredential, HolderKey)], for audience: String, at time: Int64
    ) throws -> Int {
      let lock = try FileLock(wallet)
      defer { lock.release() }
      var held = try WalletFile.read(wallet, mayBeMissing: true)
      for (credential, holder) in credentials { try held.add(credential, for: audience, with: holder, at: time) }
      try WalletFile.write(held, to: wallet)
      return held.count(for: audience, at: time)
    }
  }

  /// `tongzhou credential present`.
  struct Present: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a partner whether a threshold is reached.",
      discussion: """
        Takes a credential that was fetched for this partner out of the wallet, for good, and prints what answers the
        partner's question. It needs no network.
        """)

    @Option(help: "The wallet.")
    var wallet: String

    @Option(help: "The issuer's keys.")
    var issuerKeys = "issuer-keys.json"

    @Option(help: "The partner's question, as one text.")
    var question: String

    @Option(help: "Write the answer to this file instead of the terminal.")
    var output: String?

    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        let asked = try QuestionText(text: question)
        let issuers = try PinnedKeys.read(issuerKeys)
        let now = Int64(Timestamp.wallClock.seconds)
        let lock = try FileLock(wallet)
        defer { lock.release() }
        var held = try WalletFile.read(wallet)
        let (credential, key) = try await held.take(for: asked.audience, issuers: issuers, at: now)
        // First out of the wallet, then shown: nothing may be shown twice.
        try WalletFile.write(held, to: wallet)
        let left = held.count(for: asked.audience, at: now)
        let shown = try await credential.presentation(
          of: asked.threshold, to: asked.audience, nonce: asked.nonce, with: key, at: now)
        if let output { try SmallFile.write(Array((shown + "\n").utf8), to: output) }
        if json.isOn {
          try Output.json(Shown(presentation: output == nil ? shown : nil, file: output, left: left))
        } else if output == nil {
          Output.line(shown)
        } else {
          Output.line("answer written, \(left) credentials for this partner left")
        }
      } catch {
        throw Output.fail(error)
      }
    }

    private struct Shown: Encodable {
      let presentation, file: String?
      let left: Int
    }
  }
}
