internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou key`.
struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "Make and look at a member's keys.",
    discussion: """
      A member keeps one secret. For each plan of each chain a key of its own follows from it, so that a
      public notice does not unmask her other memberships. Whoever has the secret can act for her: write
      it down and keep it where she keeps her bank card.

      She changes her key with a new secret (rotate). If the old one is lost, two organisations propose the key of her
      new secret (recover), and it stands after seven days; whoever has the old one can forbid it (veto), and then the
      identity authority's new attestation decides (prove).

        tongzhou key new --output new.key
        tongzhou key show --secret new.key --chain CHAIN-ID --plan 0
        tongzhou key recover http://127.0.0.1:8080 --membership 3 --key PUBLIC-KEY --as 0 --officers data/demo/keys
        tongzhou key recover http://127.0.0.1:8080 --membership 3 --key PUBLIC-KEY --as 3 --officers data/demo/keys
      """,
    subcommands: [New.self, Show.self, Rotate.self, Recover.self, Veto.self, Prove.self])

  /// `tongzhou key new`.
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a new backup secret.",
      discussion: "Prints the secret, or writes it to a file that only you can read.")

    @Option(help: "Write the secret to this file instead of the terminal; it must not exist.")
    var output: String?

    @OptionGroup var json: JSONOption

    func run() throws {
      let secret = BackupSecret.random()
      if let output {
        let descriptor = open(output, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else {
          throw Output.fail(LedgerError(.malformed, "cannot create \(output): \(String(cString: strerror(errno)))"))
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data((secret.text + "\n").utf8))
        if json.isOn { try Output.json(["file": output]) } else { Output.line("secret written to \(output)") }
      } else if json.isOn {
        try Output.json(["secret": secret.text])
      } else {
        Output.line(secret.text)
      }
    }
  }

  /// `tongzhou key show`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the address of a secret for one plan of one chain.",
      discussion: "The secret is read from a file or from standard input, never from the command line.")

    @Option(help: "File with the secret; standard input without it.")
    var secret: String?

    @Option(help: "The chain's id: 64 hexadecimal digits.")
    var chain: String

    @Option(help: "The plan's ordinal.")
    var plan: UInt32 = 0

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        guard let chainID = Hash(hexadecimal: chain) else {
          throw LedgerError(.malformed, "a chain id is 64 hexadecimal digits")
        }
        let bytes: Data
        if let secret {
          guard let found = FileManager.default.contents(atPath: secret) else {
            throw LedgerError(.malformed, "cannot read \(secret)")
          }
          bytes = found
        } else {
          bytes = FileHandle.standardInput.readDataToEndOfFile()
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let key = try BackupSecret(text: text).key(chain: chainID, plan: plan).publicKey
        let hexadecimal = key.raw.description
        if json.isOn {
          try Output.json(["address": key.address.description, "public_key": hexadecimal])
        } else {
          Output.line("address     \(key.address)")
          Output.line("public key  \(hexadecimal)")
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }
}
