internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou hearts`.
struct HeartsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hearts",
    abstract: "Hearts: give, claim, spend, consent; tell events of gifts; follow a gift to its end.",
    discussion: """
      Hearts are counts, never money. They belong to an address whose key follows from your secret, and is no other than
      for this chain: nobody sees that it is yours who has a membership. The first chain of hearts of the node is meant,
      or the one that --chain or --genesis names.

        tongzhou hearts address --secret me.key --genesis CHAIN-ID
        tongzhou hearts redeem http://127.0.0.1:8080 --code slip.txt --secret me.key
        tongzhou hearts show http://127.0.0.1:8080 tz1…
        tongzhou hearts gift http://127.0.0.1:8080 5
        tongzhou hearts way http://127.0.0.1:8080 7 --out way.json

      An organisation tells what happened to gifts in a file, docs/hearts.md says how:

        tongzhou hearts record http://127.0.0.1:8080 events.csv --as 4 --officers data/demo/keys/heart
      """,
    subcommands: [
      HeartAddress.self, Code.self, Record.self, Redeem.self, Spend.self, Give.self, Consent.self, Withdraw.self,
      Partner.self, Project.self, Reverse.self, Relate.self, Show.self, Gift.self, WayFile.self, Lots.self, Rules.self,
      EPCIS.self,
    ])

  /// `tongzhou hearts address`.
  struct HeartAddress: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "address",
      abstract: "Show your address on a chain of hearts: what you tell whom you give something.",
      aliases: ["key"])

    @Option(help: "The file with your secret.")
    var secret: String

    @Option(help: "The id of the chain of hearts: 64 hexadecimal digits.")
    var genesis: String

    @Option(help: "Write the address as a QR code to this file, as SVG.")
    var qr: String?

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        guard let chain = Hash(hexadecimal: genesis) else {
          throw LedgerError(.malformed, "a chain id is 64 hexadecimal digits")
        }
        let key = try SecretFile.read(secret).heartKey(chain: chain).publicKey
        if let qr {
          guard let code = QRCode(Array(key.address.description.utf8), correction: .medium) else {
            throw LedgerError(.malformed, "an address fits every QR code")
          }
          try SmallFile.write(Array(code.svg.utf8), to: qr)
        }
        if json.isOn {
          try Output.json(["address": key.address.description, "public_key": key.raw.description])
        } else {
          Output.line("address     \(key.address)")
          Output.line("public key  \(key.raw)")
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou hearts code`.
  struct Code: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make claim codes for slips, and the addresses by which gifts name them.",
      discussion: """
        Each line of the file is a code and its address. The code goes on the slip, and whoever has it has the hearts:
        the file is readable by you alone, and the codes are shown nowhere else. The address goes into the column `code`
        of a file of events.
        """)

    @Option(help: "How many (1 to 10000).")
    var count = 1

    @Option(help: "The file to write; it must not exist.")
    var output: String

    @Option(help: "Write each code as a QR code into this folder, as SVG, named by its address.")
    var qr: String?

    @OptionGroup var json: JSONOption

    func validate() throws {
      guard (1...10_000).contains(count) else { throw ValidationError("--count is 1 to 10000") }
    }

    func run() throws {
      do {
        let codes = (0..<count).map { _ in ClaimCode.random() }
        let addresses = try codes.map { try $0.address().description }
        try PrivateFile.create(output, Array(zip(codes, addresses).map { "\($0.text) \($1)\n" }.joined().utf8))
        if let qr {
          try FileManager.default.createDirectory(
            atPath: qr, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
          for (code, address) in zip(codes, addresses) {
            guard let drawn = QRCode(Array(code.text.utf8), correction: .medium) else { continue }
            try PrivateFile.create("\(qr)/\(address).svg", Array(drawn.svg.utf8))
          }
        }
        guard !json.isOn else { return try Output.json(Made(file: output, addresses: addresses)) }
        addresses.forEach { Output.line($0) }
      } catch {
        throw Output.fail(error)
      }
    }

    private struct Made: Encodable {
      let file: String
      let addresses: [String]
    }
  }
}
