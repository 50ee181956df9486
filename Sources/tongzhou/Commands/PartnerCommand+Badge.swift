internal import ArgumentParser
internal import Credentials
internal import Foundation
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

extension PartnerCommand {
  /// `tongzhou partner badge`.
  struct Badge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "badge",
      abstract: "Check a badge that somebody shows, and print what it says.",
      discussion: """
        Needs the issuer's keys and no network. A badge is for showing: it does not say who shows it, so for anything
        that opens to one person ask for a credential (partner nonce) instead.
        """)

    @Argument(help: "The file with the badge; - for standard input.")
    var file: String

    @Option(help: "The issuer's keys.")
    var issuerKeys = "issuer-keys.json"

    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        let issuers = try PinnedKeys.read(issuerKeys)
        let text = try ShownFile.read(file, limit: OpenBadge.maximumBytes + 2)
        let badge = try await OpenBadge(
          token: text, issuers: issuers, at: Int64(Timestamp.wallClock.seconds))
        // An issuer's key signs other badges too; only these have steps that are fixed here.
        guard let said = GivingBadge(badge, of: issuers.issuer) else {
          throw CredentialError(.unknownBadge, "a badge of this issuer, but none of a giver's steps")
        }
        let shown = ShownBadge(badge, said, file: nil)
        guard !json.isOn else { return try Output.json(shown) }
        Output.line("valid: \(said.name)")
        Output.line("  \(said.achievement(of: issuers.issuer).name)")
        Output.line("  issued by \(issuers.issuer), \(badge.end)")
      } catch {
        throw CredentialAdvice.fail(error)
      }
    }
  }
}
