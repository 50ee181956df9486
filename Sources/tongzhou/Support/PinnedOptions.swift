internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// What commands say that hold several places against one pinned chain.
struct PinnedOptions: ParsableArguments {
  @Option(help: "The chain id you know: 64 hexadecimal digits.")
  var genesis: String

  @Option(help: "The chain's short name, where a node serves several; the first without it.")
  var chain: String?

  @Option(help: "A file with the certificates to trust instead of the system's, for https.")
  var ca: String?

  @Option(help: "A file that remembers the newest checkpoints seen; made when it is not there.")
  var memory: String?

  @Option(help: "Where to write both signed checkpoints of a split view, for anybody to check with `tongzhou verify`.")
  var evidence: String?

  /// The pinned chain id.
  ///
  /// - Throws: `encoding.malformed` for what is none.
  func pinned() throws -> Hash {
    guard let hash = Hash(hexadecimal: genesis) else {
      throw LedgerError(.malformed, "a chain id is 64 hexadecimal digits")
    }
    return hash
  }

  /// How patient the client is: who asks many places does not wait long for one.
  func places(_ addresses: [String], patience: Int64) throws -> [WatchedPlace] {
    guard Set(addresses).count == addresses.count else {
      throw LedgerError(.malformed, "an address stands there twice")
    }
    var options = ClientOptions()
    options.authority = ca
    options.patienceSeconds = patience
    return try addresses.map { try WatchedPlace($0, chain: chain, options: options) }
  }

  /// What was seen of the chain before, as a view; `nil` for nothing.
  func remembered(of chain: Hash) throws -> Comparison.View? {
    guard let memory, let seen = try CheckpointMemory(path: memory).newest(of: chain) else { return nil }
    return Comparison.View(
      source: memory,
      checkpoint: try Checkpoint(origin: seen.origin, size: seen.size, root: seen.root),
      signed: seen.signed)
  }

  /// Remembers a view that goes on from what was seen before.
  ///
  /// - Throws: `proof.split_view`; `storage.input_output`.
  func remember(_ view: Comparison.View, of chain: Hash) throws {
    guard let memory else { return }
    var seen = try CheckpointMemory(path: memory)
    _ = try seen.see(view.checkpoint, of: chain, signed: view.signed)
    try PosixDisk().replace(memory, with: seen.json())
  }

  /// Writes evidence; the first stays, for it was the first.
  ///
  /// - Returns: the file written; `nil` where none was asked for, one is there already, or the signatures of one of the
  ///   two are not at hand.
  func keep(_ split: Comparison.Split, of chain: Hash) throws -> String? {
    guard let evidence, !FileManager.default.fileExists(atPath: evidence),
      let file = split.evidence(chain: chain)
    else { return nil }
    try PosixDisk().replace(evidence, with: file.json())
    return evidence
  }
}
