import Foundation
import Ledger
import Testing
import TongzhouClient
import TransparencyLog

/// `tongzhou key`.
@Suite struct KeyCommandTests {
  private static let chain = String(repeating: "5a", count: 32)

  private func key(_ arguments: [String], input: String = "") throws -> Program.Run {
    try Program.tongzhou.run(["key"] + arguments, input: input)
  }

  /// What `key show` has to print for a secret.
  private func address(_ secret: String, plan: UInt32) throws -> Address {
    let chain = try #require(Hash([UInt8](repeating: 0x5A, count: 32)))
    return try BackupSecret(text: secret).key(chain: chain, plan: plan).publicKey.address
  }

  @Test("a new secret goes to a file that only its owner can read, and not to the terminal")
  func newSecretInAFile() throws {
    try TemporaryFolder.with { folder in
      let path = folder.file("secret")
      let run = try key(["new", "--output", path])
      #expect(run.status == 0, "\(run.errors)")
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let secret = text.trimmingCharacters(in: .newlines)
      #expect(text == secret + "\n")
      #expect(try BackupSecret(text: secret).text == secret)
      #expect(!run.text.contains(secret) && !run.errors.contains(secret))
    }
  }

  @Test("an existing file or link is never overwritten")
  func neverOverwrites() throws {
    try TemporaryFolder.with { folder in
      let path = try folder.write("my only secret", to: "secret")
      let link = folder.file("link")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.file("elsewhere"))
      for place in [path, link, folder.path, folder.file("nowhere/secret")] {
        let run = try key(["new", "--output", place])
        #expect(run.status == 1 && run.output.isEmpty && run.errors.contains(place), "\(run.errors)")
      }
      #expect(try folder.content() == ["secret": Data("my only secret".utf8)])
    }
  }

  @Test("every new secret is another one")
  func newSecretsDiffer() throws {
    let first = try key(["new"])
    let second = try key(["new", "--json"])
    #expect(first.status == 0 && second.status == 0)
    let texts = [first.text.trimmingCharacters(in: .newlines), try #require(try second.object()["secret"] as? String)]
    for text in texts { #expect(try BackupSecret(text: text).text == text) }
    #expect(texts[0] != texts[1])
  }

  @Test("the address shown is the one of chain and plan, and the secret is never shown", arguments: [0, 1, 63])
  func showsTheAddress(_ plan: UInt32) throws {
    let secret = try #require(BackupSecret((0..<32).map { UInt8($0) * 7 })).text
    let expected = try address(secret, plan: plan).description
    #expect(expected.hasPrefix("tz1"))
    try TemporaryFolder.with { folder in
      let path = try folder.write(secret + "\n", to: "secret")
      let fromFile = try key(["show", "--secret", path, "--chain", Self.chain, "--plan", "\(plan)"])
      let fromInput = try key(["show", "--chain", Self.chain, "--plan", "\(plan)"], input: secret)
      let json = try key(["show", "--secret", path, "--chain", Self.chain, "--plan", "\(plan)", "--json"])
      #expect(fromFile.text.contains(expected))
      #expect(fromInput.output == fromFile.output)
      #expect(try json.object()["address"] as? String == expected)
      for run in [fromFile, fromInput, json] {
        #expect(run.status == 0 && run.errors.isEmpty && !run.text.contains(secret))
      }
    }
    #expect(try address(secret, plan: plan) != address(secret, plan: plan + 1))
  }

  @Test("a mistyped secret, a mistyped chain and a missing file are refused without showing the secret")
  func refusals() throws {
    let secret = try #require(BackupSecret([UInt8](repeating: 9, count: 32))).text
    var letters = Array(secret)
    letters[20] = letters[20] == "q" ? "p" : "q"
    let mistyped = String(letters)
    try TemporaryFolder.with { folder in
      let path = try folder.write(secret, to: "secret")
      let runs = [
        try key(["show", "--chain", Self.chain], input: mistyped),
        try key(["show", "--chain", Self.chain], input: ""),
        try key(["show", "--chain", Self.chain + "00", "--secret", path]),
        try key(["show", "--chain", Self.chain, "--secret", folder.file("nowhere")]),
      ]
      for run in runs {
        #expect(run.status == 1 && run.output.isEmpty && !run.errors.isEmpty)
        #expect(!run.errors.contains(secret) && !run.errors.contains(mistyped))
      }
    }
  }
}
