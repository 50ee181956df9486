internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

extension NodeCommand {
  /// `tongzhou node init`.
  struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Found a chain: write its genesis out of a file of organisations and, for hearts, of kinds of gifts.",
      discussion: """
        Conventions/hearts-founding.yaml explains the file. Organisations that give no keys there get new ones in
        DATA/keys/CHAIN (of a chain `aid` in DATA/keys), or keep those that lie there already; who gives public keys
        keeps the private ones. The names of kinds go into DATA/hearts/texts.json, where the pages find them; write the
        Chinese ones beside them. The chain's id is printed: everybody who is to trust the chain has to know it. Then
        `tongzhou node run --data DATA` begins.
        """)

    @Argument(help: "The file of the founding.")
    var file: String

    @Option(help: "The data directory; it may hold other chains.")
    var data: String

    @Option(help: "The block time before the first block, POSIX seconds; a heartbeat before now without it.")
    var time: UInt64?

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        let founding = try FoundingFile(path: file)
        let paths = ChainPaths(data: data, chain: founding.chain)
        guard try !ChainPaths.chains(in: data).contains(founding.chain) else {
          throw StorageError(.foreignDirectory, "\(data) holds a chain \(founding.chain) already")
        }
        let keys = KeyDirectory(paths.keys)
        var made: [String] = []
        // A heartbeat ago, so that the first block comes at once: before it there is nothing to ask the node for.
        let beat = UInt64(founding.limits.heartbeatSeconds)
        let began =
          try time.map { try Timestamp(validating: $0) } ?? Timestamp(seconds: Timestamp.wallClock.seconds - beat)
        let genesis = try founding.genesis(at: began) { name in
          if let found = try keys.endorser(name) { return found.publicKeys }
          let new = OrganisationKeys(vote: try .random(), cosign: try .random(), log: try .random())
          try keys.write(new, of: name)
          made.append("\(name).endorser")
          return new.publicKeys
        } officers: { name in
          if let found = try keys.officer(name) { return [found.publicKey] }
          let new = try SigningKey.random()
          try keys.write(officer: new, of: name)
          made.append("\(name).officer")
          return [new.publicKey]
        }
        let folder = URL(filePath: paths.genesis).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try SmallFile.write(genesis.bytes, to: paths.genesis)
        try publish(founding.kinds.map(\.name))
        guard !json.isOn else {
          return try Output.json(Founded(chain: genesis.chain.description, name: founding.chain, keys: made))
        }
        Output.line("founded \(founding.chain) in \(data)")
        Output.line("  chain id  \(genesis.chain)")
        for name in made { Output.line("  new key   \(paths.keys)/\(name)") }
      } catch {
        throw Output.fail(error)
      }
    }

    /// The chain has hashes of the kinds' names alone; pages show the words that lie here. What is there stays.
    private func publish(_ names: [String]) throws {
      let path = "\(data)/hearts/texts.json"
      guard !names.isEmpty, !FileManager.default.fileExists(atPath: path) else { return }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try FileManager.default.createDirectory(atPath: "\(data)/hearts", withIntermediateDirectories: true)
      try SmallFile.write(Array(try encoder.encode(names.map { ["zh": $0, "en": $0] })), to: path)
    }

    private struct Founded: Encodable {
      let chain: String
      let name: String
      let keys: [String]
    }
  }
}

extension SigningKey {
  /// A new key from the system's generator.
  fileprivate static func random() throws(LedgerError) -> SigningKey {
    var generator = SystemRandomNumberGenerator()
    let words = (0..<4).map { _ in generator.next() }
    return try SigningKey(
      seed: words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } })
  }
}
