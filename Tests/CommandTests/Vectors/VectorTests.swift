import Foundation
import Testing
import TransparencyLog

@testable import TongzhouClient

/// `TestVectors/`: files that every verifier has to judge alike, each with its verdict and the reason.
@Suite(DemoRun()) struct VectorTests {
  /// Writes the folder anew where this names one: `make vectors`.
  private static let target = ProcessInfo.processInfo.environment["TONGZHOU_WRITE_VECTORS"]

  private static func made() throws -> VectorSet {
    let fixture = try ProofFixture.shared.get()
    var set = VectorSet()
    set.add(policy: fixture.policy, name: "history")
    set.add(policy: try SignedBlock().policy, name: "one")
    try set.addReceipts(fixture)
    try set.addSignedReceipts(fixture)
    try set.addChangedEndorsers(fixture)
    try set.addStatements(fixture)
    try set.addState(fixture)
    let hearts = try HeartFixture.shared.get()
    set.add(policy: hearts.policy, name: "hearts")
    try set.addWays(hearts)
    try set.addHeartState(hearts)
    return set
  }

  @Test("what the listing says of each file made here is what our verifier says")
  func made() throws {
    let set = try Self.made()
    for vector in set.listing.vectors {
      let bytes = try #require(set.files[vector.file])
      let policy = try Policy(text: #require(set.files["\(vector.policy).policy"]))
      #expect(try VectorSet.verdict(on: bytes, vector, policy: policy) == vector.verdict, "\(vector.reason)")
    }
    if let target = Self.target { try set.write(to: URL(filePath: target)) }
  }

  @Test("the committed files are those made here, and get their verdicts")
  func committed() throws {
    let listing = try JSONDecoder().decode(
      VectorSet.Listing.self, from: Data(contentsOf: VectorSet.folder.appending(path: "vectors.json")))
    let made = try Self.made()
    #expect(listing == made.listing)
    #expect(listing.vectors.count >= 100)
    let kinds = ["receipt", "statement", "state-proof", "absence", "way"]
    for kind in kinds {
      let verdicts = listing.vectors.filter { $0.kind == kind }.map(\.verdict)
      #expect(verdicts.contains("valid") && verdicts.contains("proof.not_included"), "\(kind)")
    }
    for vector in listing.vectors {
      let bytes = Array(try Data(contentsOf: VectorSet.folder.appending(path: vector.file)))
      let file = try #require(listing.policies[vector.policy])
      let policy = try Policy(text: Array(Data(contentsOf: VectorSet.folder.appending(path: file))))
      #expect(
        try VectorSet.verdict(on: bytes, vector, policy: policy) == vector.verdict, "\(vector.file): \(vector.reason)")
      // zlib may pack differently tomorrow; everything else comes out the same to the byte.
      if !vector.file.hasSuffix(".gz") { #expect(bytes == made.files[vector.file], "\(vector.file)") }
    }
  }

  @Test(
    "the verifier in Python judges every file as ours does, and stands its own tests",
    .enabled(if: PythonPrograms.has("cryptography"), "Scripts/setup --tests installs the packages"))
  func python() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let verifier = PythonPrograms.checkout.appending(path: "Verifiers/python").path()
    let run = try await PythonPrograms.run(
      [PythonPrograms.python, "\(verifier)/tongzhou_verify.py", "--vectors", VectorSet.folder.path()], in: folder)
    #expect(run.status == 0, "\(run.text)\(run.errors)")
    let own = try await PythonPrograms.run(
      [PythonPrograms.python, "-m", "unittest", "discover", "-s", verifier], in: folder,
      environment: ["TONGZHOU_DEMO": DemoRun.path()])
    #expect(own.status == 0, "\(own.errors)")
  }
}
