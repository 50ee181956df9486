import Foundation
import Ledger
import Testing
import TransparencyLog

@testable import TongzhouClient

/// What is common to all files of proofs, and what the settlements of years need.
@Suite struct ProofFileTests {
  private let fixture: ProofFixture

  init() throws { fixture = try ProofFixture.shared.get() }

  private func refusal(_ bytes: [UInt8]) -> ProofError.Code? {
    do throws(ProofError) {
      _ = try Receipt(file: bytes)
      return nil
    } catch { return error.code }
  }

  @Test func aPackedFileIsTheSameFile() throws {
    let receipt = try fixture.receipt(fixture.transactions[0])
    let packed = try receipt.packed()
    #expect(packed.count < (try receipt.json().count))
    #expect(try Receipt(file: packed) == receipt)
    #expect(refusal(Array(packed.dropLast())) == .malformed)
    #expect(refusal(packed + [0]) == .malformed)
    #expect(refusal(packed + packed) == .malformed)
    for place in packed.indices where place < 4 || place > 9 {
      var bent = packed
      bent[place] ^= 0x10
      if let read = try? Receipt(file: bent) { #expect(read == receipt) }
    }
  }

  @Test func whatUnpacksToTooMuchIsRefused() throws {
    let many = [UInt8](repeating: 0x20, count: Receipt.maximumByteCount + 1)
    let packed = try #require(Gzip.compress(many, level: 9))
    #expect(packed.count < 10_000 && Gzip.expand(packed, limit: many.count) == many)
    #expect(Gzip.expand(packed, limit: many.count - 1) == nil)
    #expect(refusal(packed) == .malformed)
  }

  @Test(
    "numbers in other forms, names twice and base64 in other forms are malformed",
    arguments: [
      (#""index":"#, #""index":0"#), (#""index":"#, #""index":-"#), (#""index":"#, #""index":9007199254740992,"x":"#),
      (#"{"chain""#, #"{"index":1,"chain""#), (#"{"chain""#, #"{"ch\u0061in":"","chain""#), (#"{"chain""#, "[1]"),
      (#"{"chain""#, #"{"x":1.5,"chain""#), (#"{"chain""#, #"{"x":1e2,"chain""#), (#"{"chain""#, #"{"x":01,"chain""#),
      (#"{"chain""#, #"{"x":null,"chain""#),
      (#"{"chain""#, "\u{feff}{\"chain\""), (#"="]"#, #""]"#), (#"="]"#, #"= "]"#), (#""format":"#, #""form":"#),
    ])
  func oneForm(piece: String, other: String) throws {
    let text = String(decoding: try fixture.receipt(fixture.transactions[0]).json(), as: UTF8.self)
    try #require(text.contains(piece))
    let bent = text.replacing(piece, with: other, maxReplacements: 1)
    #expect(refusal(Array(bent.utf8)) == .malformed)
    #expect(refusal(Array(text.utf8)) == nil)
  }

  @Test("unknown members are passed over, with anything in them that is plain")
  func unknownMembers() throws {
    let receipt = try fixture.receipt(fixture.transactions[0])
    let text = String(decoding: try receipt.json(), as: UTF8.self)
    let more = text.replacing(
      "{\"chain\"", with: " {\"new\":[{},[],true,false,\"\\ud83d\\ude00 \\\"\",0,17],\"chain\"", maxReplacements: 1)
    #expect(try Receipt(file: Array((more + "\n").utf8)) == receipt)
    let deep = text.replacing(
      "{\"chain\"",
      with: "{\"new\":" + String(repeating: "[", count: 20) + String(repeating: "]", count: 20)
        + ",\"chain\"", maxReplacements: 1)
    #expect(refusal(Array(deep.utf8)) == .malformed)
  }

  @Test func aCheckpointWithTwoRootsIsASplitView() throws {
    let size = try fixture.receipt(fixture.transactions[0]).seal.unverifiedCheckpoint()
    var memory = CheckpointMemory()
    guard case .newest = try memory.see(size, of: fixture.chain) else {
      return #expect(Bool(false), "the first is the newest")
    }
    guard case .same = try memory.see(size, of: fixture.chain) else {
      return #expect(Bool(false), "once more the same")
    }
    let other = try Checkpoint(origin: size.origin, size: size.size, root: .leaf([1]))
    #expect(throws: ProofError(code: .splitView)) { try memory.see(other, of: fixture.chain) }
    let larger = try Checkpoint(origin: size.origin, size: size.size + 1, root: .leaf([1]))
    guard case .newest = try memory.see(larger, of: fixture.chain) else {
      return #expect(Bool(false), "a larger one is newer")
    }
    guard case .older(than: size.size + 1) = try memory.see(size, of: fixture.chain) else {
      return #expect(Bool(false), "a smaller one is older")
    }
    let elsewhere = try Checkpoint(origin: Array("other.example/log".utf8), size: size.size + 9, root: .leaf([2]))
    #expect(throws: ProofError(code: .splitView)) { try memory.see(elsewhere, of: fixture.chain) }
    // A test network may share the origin.
    guard case .newest = try memory.see(other, of: .sha256([1])) else {
      return #expect(Bool(false), "another chain")
    }

    let folder = FileManager.default.temporaryDirectory.appending(path: "memory-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "seen.json").path()
    #expect(try CheckpointMemory(path: path) == CheckpointMemory())
    try memory.write(to: path)
    #expect(try CheckpointMemory(path: path) == memory)
    try Data("{}".utf8).write(to: URL(filePath: path))
    #expect(throws: ProofError(code: .malformed)) { try CheckpointMemory(path: path) }
  }
}
