internal import ArgumentParser
internal import Credentials
internal import Foundation
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

extension CredentialCommand {
  /// `tongzhou credential badge`.
  struct Badge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch a badge for showing: that a fixed step was reached.",
      discussion: """
        Signs the request with the account's key of this chain, checks the badge (Open Badges 3.0) and writes it. She
        chooses what it says: hearts-1000, hearts-10000 and so on up to hearts-100000000, for the hearts that her gifts
        brought; or love-index-650 and the other thresholds of the formula. URL/v1/hearts/badges lists them. It says
        nothing beside the step: no address, no name, no number between steps. It is good for 90 days, and whoever sees
        it can pass it on; what was shown cannot be taken back.

        The badge is for a key that is made for it and written to OUTPUT.key, a secret. With it a program that asks can
        be shown that the badge is hers.

        Anybody checks it without a network: tongzhou partner badge badge.jwt --issuer-keys issuer-keys.json
        """)

    @Argument(help: "The issuer's node.")
    var url: String

    @Option(help: "What it says, such as hearts-10000 or love-index-650.")
    var show: String

    @Option(help: "The file with the giver's secret.")
    var secret: String

    @Option(help: "Her address, where she has changed her key.")
    var address: String?

    @Option(help: "Where to write the badge; never over another.")
    var output: String

    @Option(help: "The issuer's keys; written when it is not there.")
    var issuerKeys = "issuer-keys.json"

    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        let wanted = try GivingBadge(name: show)
        for path in [output, keyFile] where FileManager.default.fileExists(atPath: path) {
          throw LedgerError(.malformed, "\(path) is there already; name another file")
        }
        let (holder, now) = (HolderKey(), Timestamp.wallClock)
        let (token, badge) = try await NodeClient.with(url, options: node.client) { client in
          let issuers = try await PinnedKeys.read(issuerKeys, or: client)
          let (_, chain) = try await client.trusted(try await node.heartChain(of: client), pinned: node.pinned())
          let key = try SecretFile.read(secret).heartKey(chain: chain.id)
          let request = try BadgeRequest(
            chain: chain.id, address: address.map { try Address(text: $0) } ?? key.publicKey.address,
            badge: wanted.name, holder: PublicKey(holder.publicKey.bytes()), at: now, by: key)
          let token = try await client.badge(request).badge
          let badge = try await OpenBadge(token: token, issuers: issuers, at: Int64(now.seconds))
          guard try badge.isFor(holder.publicKey), GivingBadge(badge, of: issuers.issuer) == wanted else {
            throw CredentialError(.badBadge, "the issuer gave another badge than was asked for")
          }
          return (token, badge)
        }
        // First the key, or there would be a badge that nobody can show to be hers.
        try SecretFile.create(keyFile, holder.file())
        try SmallFile.write(Array((token + "\n").utf8), to: output)
        if json.isOn {
          try Output.json(ShownBadge(badge, wanted, file: output))
        } else {
          Output.line("\(badge.achievement.name)")
          Output.line("badge written to \(output), its key to \(keyFile); \(badge.end)")
        }
      } catch {
        throw Output.fail(error)
      }
    }

    private var keyFile: String { output + ".key" }
  }
}

/// A badge that was checked, as data.
struct ShownBadge: Encodable {
  let badge, name, id: String
  let subject, file: String?
  let from: Int64
  let until: Int64?

  init(_ badge: OpenBadge, _ said: GivingBadge, file: String?) {
    self.badge = said.name
    name = badge.achievement.name
    id = badge.achievement.id
    subject = badge.subject
    from = badge.validFrom
    until = badge.validUntil
    self.file = file
  }
}

extension OpenBadge {
  /// Until when it is good, in words.
  var end: String {
    guard let validUntil else { return "good without an end" }
    return "good until \(WayWords(.en).moment(Timestamp(seconds: UInt64(clamping: validUntil)))) (UTC+8)"
  }
}
