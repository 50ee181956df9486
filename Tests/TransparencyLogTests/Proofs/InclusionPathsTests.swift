import Testing

@testable import TransparencyLog

@Suite("Inclusion paths of all leaves")
struct InclusionPathsTests {
  @Test("are those that are built one by one, for every size up to 70")
  func sameAsOneByOne() throws {
    for size in 1...70 {
      let leaves = (0..<size).map { Hash.leaf([UInt8($0)]) }
      let paths = InclusionPaths(leaves)
      for index in leaves.indices {
        #expect(try paths.path(to: index) == InclusionProof.build(index: UInt64(index), leaves: leaves).path)
      }
    }
  }
}
