import Foundation
import Testing
import TransparencyLog

/// The proof cases of transparency-dev/merkle: 98 of each kind, most of them to be refused.
struct PublishedProofCasesTests {
  private struct InclusionCase: Decodable {
    let leafIdx: UInt64
    let treeSize: UInt64
    let root: String?
    let leafHash: String?
    let proof: [String]?
    let wantErr: Bool
  }

  private struct ConsistencyCase: Decodable {
    let size1: UInt64
    let size2: UInt64
    let root1: String?
    let root2: String?
    let proof: [String]?
    let wantErr: Bool
  }

  @Test func inclusion() throws {
    guard let folder = SharedData.folder("merkle/testdata/inclusion") else { return }
    let files = Self.files(below: folder)
    #expect(files.count == 98)
    for file in files {
      let test = try JSONDecoder().decode(InclusionCase.self, from: Data(contentsOf: file))
      #expect(!Self.isAccepted(test) == test.wantErr, "\(file.path)")
    }
  }

  @Test func consistency() throws {
    guard let folder = SharedData.folder("merkle/testdata/consistency") else { return }
    let files = Self.files(below: folder)
    #expect(files.count == 98)
    var exceptions: [String] = []
    for file in files {
      let test = try JSONDecoder().decode(ConsistencyCase.self, from: Data(contentsOf: file))
      if !Self.isAccepted(test) != test.wantErr {
        exceptions.append(file.lastPathComponent)
      }
    }
    // Its roots are placeholders of 12 bytes, which are no hashes to this library.
    #expect(exceptions == ["sizes-are-equal-one-and-proof-is-empty.json"])
  }

  private static func isAccepted(_ test: InclusionCase) -> Bool {
    guard let root = hash(test.root), let leafHash = hash(test.leafHash), let path = path(test.proof) else {
      return false
    }
    let proof = InclusionProof(index: test.leafIdx, size: test.treeSize, path: path)
    return refusal { try proof.verify(leafHash: leafHash, root: root) } == nil
  }

  private static func isAccepted(_ test: ConsistencyCase) -> Bool {
    guard let old = hash(test.root1), let new = hash(test.root2), let path = path(test.proof) else {
      return false
    }
    let proof = ConsistencyProof(oldSize: test.size1, newSize: test.size2, path: path)
    return refusal { try proof.verify(oldRoot: old, newRoot: new) } == nil
  }

  private static func hash(_ text: String?) -> Hash? {
    text.flatMap { Base64.decode($0) }.flatMap { Hash($0) }
  }

  private static func path(_ texts: [String]?) -> [Hash]? {
    let hashes = (texts ?? []).map { hash($0) }
    return hashes.contains(nil) ? nil : hashes.compactMap { $0 }
  }

  private static func files(below folder: URL) -> [URL] {
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (all?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "json" }
      .sorted { $0.path < $1.path }
  }
}
