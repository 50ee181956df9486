import TestSupport
import Testing

/// Every fuzz target with its own inputs and some damaged ones; libFuzzer tries millions (`make fuzz`).
@Suite("Fuzz targets")
struct FuzzTargetTests {
  @Test("a target reads its good inputs, and damaged ones as it promises", arguments: FuzzTarget.all.map(\.name))
  func target(_ name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let seeds = try target.seeds()
    #expect(!seeds.isEmpty)
    for (number, seed) in seeds.enumerated() {
      #expect(seed.count <= target.maximumBytes, "\(name): good input \(number) has \(seed.count) bytes")
      #expect(try target.check(seed), "\(name): good input \(number) is refused")
    }
    var damage = Damage(seed: 1)
    for round in 0..<200 {
      let bytes = damage.input(from: seeds)
      #expect(throws: Never.self, "\(name), round \(round)") { try target.check(bytes) }
    }
  }

  @Test("targets have names of their own, which are good names for files")
  func names() {
    let names = FuzzTarget.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.joined().allSatisfy { $0.isASCII && ($0.isLowercase || $0 == "-") })
  }
}
