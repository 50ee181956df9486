import TestSupport
import Testing
import TransparencyLog

/// Every parser against random and mutated bytes: an error or a value, never a trap; and what is read in a
/// format with one canonical form is written again as the same bytes.
struct FuzzTests {
  private static let seed: UInt64 = 0x746F_6E67_7A68_6F75

  private struct Parser {
    let name: String
    let samples: [[UInt8]]
    /// Reads, and writes again; `nil` where the format has more than one form.
    let read: ([UInt8]) throws -> [UInt8]?
  }

  private static func parsers() throws -> [Parser] {
    let cast = try Cast()
    let cosigned = try cast.cosigned(by: [0, 1, 2])
    let proof = try TlogProof(index: 2, path: [.zero, .emptyRoot], extra: [1, 2, 3], checkpoint: cosigned)
    let notes = [utf8(SpecificationNote.note), utf8(PublicCheckpoint.note), cosigned.bytes]
    let policy = try cast.policy("# note\ngroup x 2 w0 w1 w2\ngroup y any w3\ngroup z all x y\nquorum z\n")
    let bundle = try EntryBundle([utf8("one"), [], utf8("three")]).bytes
    return [
      Parser(name: "note", samples: notes) { try SignedNote($0).bytes },
      Parser(name: "signed checkpoint", samples: notes) { try UnverifiedCheckpoint($0).bytes },
      Parser(name: "checkpoint", samples: [cosigned.note.text, utf8("a\n0\nx\nmore\n")]) {
        try Checkpoint(text: $0).text
      },
      Parser(name: "signature line", samples: cosigned.note.signatures.map { $0.line.dropLast() }) {
        try NoteSignature(line: $0).line.dropLast()
      },
      Parser(name: "request to a witness", samples: try Self.requests()) { try AddCheckpointRequest($0).bytes },
      Parser(name: "vkey", samples: policy.keys.map(\.text)) { try VerifierKey(text: $0).text },
      Parser(name: "name", samples: [utf8("example.com/log"), utf8("同舟")]) { try NoteName($0).bytes },
      Parser(name: "policy", samples: [policy.text, utf8(cast.policyText("quorum w1\n"))]) {
        let policy = try Policy(text: $0)
        #expect(try Policy(text: policy.text) == policy)
        return nil
      },
      Parser(name: "proof", samples: [proof.bytes]) { try TlogProof($0).bytes },
      Parser(name: "tile path", samples: ["tile/0/x001/x234/067.p/5", "tile/63/000"].map(utf8)) {
        utf8(try TileCoordinate(path: $0).path)
      },
      Parser(name: "bundle path", samples: [utf8("tile/entries/x001/x234/067.p/5")]) {
        utf8(try EntryBundleCoordinate(path: $0).path)
      },
      Parser(name: "bundle", samples: [bundle]) { try EntryBundle(bytes: $0, width: 3).bytes },
      Parser(name: "tile", samples: [[UInt8](repeating: 9, count: 96)]) { try Tile(bytes: $0, width: 3).bytes },
      Parser(name: "base64", samples: ["", "AA==", "AAA=", "Zm9vYmFy"].map(utf8)) {
        Base64.decode($0).map { Base64.encode($0) }
      },
      Parser(name: "decimal", samples: ["0", "18446744073709551615", "1432088532"].map(utf8)) {
        DecimalText.decode($0).map { DecimalText.encode($0) }
      },
    ]
  }

  private static func requests() throws -> [[UInt8]] {
    let log = try WitnessedLog()
    return try [(0, 0), (0, 9), (9, 9), (7, 40)].map { try log.request($0.0, $0.1).bytes }
  }

  /// A witness that has cosigned 7 leaves, and requests that were bent: what it accepts is what the log signed.
  @Test func bentRequestsAreNotCosigned() throws {
    var random = SeededGenerator(seed: Self.seed)
    let log = try WitnessedLog()
    let last = try log.cosigned(7)
    let samples = try [(7, 7), (7, 9), (7, 40)].map { try log.request($0.0, $0.1).bytes }
    let texts = try [7, 9, 40].map { try log.checkpoint($0).note.text }
    var (accepted, refused) = (0, 0)
    for round in 0..<3_000 {
      let input = round < 3 ? samples[round] : Self.input(from: samples, round: round, random: &random)
      guard let request = try? AddCheckpointRequest(input), request.origin == last.checkpoint.origin else { continue }
      guard case .accept(let found) = log.rules.decide(request, last: last) else {
        refused += 1
        continue
      }
      accepted += 1
      #expect(texts.contains(found.signed.note.text), "seed \(Self.seed), round \(round)")
    }
    #expect(accepted >= 3 && refused > 20, "\(accepted) \(refused)")
  }

  @Test func parsersNeverTrap() throws {
    var random = SeededGenerator(seed: Self.seed)
    for parser in try Self.parsers() {
      var accepted = 0
      for round in 0..<3_000 {
        let input =
          round < parser.samples.count
          ? parser.samples[round] : Self.input(from: parser.samples, round: round, random: &random)
        guard let written = try? parser.read(input) else { continue }
        accepted += 1
        #expect(written == input, "\(parser.name), seed \(Self.seed), round \(round)")
      }
      #expect(accepted > 0 || parser.name == "policy", "nothing was read by \(parser.name)")
    }
  }

  @Test func proofsNeverTrap() {
    var random = SeededGenerator(seed: Self.seed)
    for _ in 0..<5_000 {
      let shift = UInt64.random(in: 0..<64, using: &random)
      let (a, b) = (random.next() >> shift, random.next() >> shift)
      let path = [Hash](repeating: .zero, count: Int.random(in: 0...66, using: &random))
      let exact = InclusionProof.pathCount(index: a, size: b).map { [Hash](repeating: .zero, count: $0) } ?? path
      for hashes in [path, exact] {
        let code = refusal {
          try InclusionProof(index: a, size: b, path: hashes).verify(leafHash: .zero, root: .emptyRoot)
        }
        #expect(code != nil, "seed \(Self.seed): \(a) in \(b)")
        _ = refusal {
          try ConsistencyProof(oldSize: a, newSize: b, path: hashes).verify(oldRoot: .zero, newRoot: .zero)
        }
      }
    }
  }

  private static func input(
    from samples: [[UInt8]], round: Int, random: inout SeededGenerator
  ) -> [UInt8] {
    if round % 8 == 0 {
      let count = Int.random(in: 0...80, using: &random)
      return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }
    var bytes = samples[Int.random(in: 0..<samples.count, using: &random)]
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      mutate(&bytes, random: &random)
    }
    return bytes
  }

  private static let spice = Array("\n\n +=x.p/0123456789—— \t\r#".utf8) + [0, 0x7F, 0x80, 0xC3, 0xE2, 0xFF]

  private static func mutate(_ bytes: inout [UInt8], random: inout SeededGenerator) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let symbol = spice[Int.random(in: 0..<spice.count, using: &random)]
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes.insert(symbol, at: place)
    case 1 where place < bytes.count: bytes[place] = symbol
    case 2 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 3 where place < bytes.count: bytes.remove(at: place)
    case 4:
      let end = Int.random(in: place...bytes.count, using: &random)
      bytes.removeSubrange(place..<end)
    default:
      let end = min(bytes.count, place + Int.random(in: 0...40, using: &random))
      bytes.insert(contentsOf: bytes[place..<end], at: place)
    }
  }
}
