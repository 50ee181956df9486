import Foundation
import Testing

@testable import TongzhouClient

/// Files of populations: strict, with a code and a line for everything that does not read.
@Suite struct PopulationFileTests {
  private static let path = ShippedConventions.path("population-china-2020")

  private static func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func error(_ text: String) throws -> WrittenFileError {
    try #require(throws: WrittenFileError.self) { try PopulationFile(text: text, file: "people.yaml") }
  }

  /// The example with one piece, which stands there once, replaced.
  private func replacing(_ piece: String, by other: String) throws -> String {
    let parts = try Self.text().components(separatedBy: piece)
    try #require(parts.count == 2, "\(piece)")
    return parts.joined(separator: other)
  }

  @Test("the shipped population reads as it is written")
  func shipped() throws {
    let file = try PopulationFile(path: Self.path)
    #expect(file.nameEn == "China's population, census of 2020" && file.size == 10_000_000)
    #expect(file.groups.count == 14 && file.groups.allSatisfy { $0.menPartsPerMillion == 512_400 })
    #expect(file.groups.map(\.from) == (0..<14).map { 5 * $0 } && file.groups.allSatisfy { $0.to == $0.from + 4 })
    #expect(file.groups.reduce(0) { $0 + UInt64($1.persons) } == 1_293_100_000)
    #expect(
      file.cases == [
        PopulationFile.Case(key: "cancer", partsPerMillion: 900_000),
        PopulationFile.Case(key: "thyroid-mild", partsPerMillion: 100_000),
      ])
    #expect(file.firstYearPartsPerMillion == 200_000 && file.laterPartsPerMillion == 400_000)
    #expect(file.selectionYears == 3 && file.spreadPartsPerMillion == 100_000)
    #expect(file.leavingPartsPerMillion == 20_000 && file.toleranceMicro == 100_000_000)
  }

  @Test(
    "what does not read has a code and a line",
    arguments: [
      ("format: 1", "format: 2", .rule), ("format: 1", "format: one", .badValue), ("size: ", "sice: ", .unknownKey),
      ("size: 10000000 ", "size: 0 ", .rule), ("size: 10000000 ", "size: 1e7 ", .badValue),
      ("size: 10000000 ", "size: -3 ", .badValue), ("joining: 1000000 ", "joining: 1000000000 ", .badValue),
      ("men: 51.24 %", "men: 51.24", .badValue), ("men: 51.24 %", "men: 101 %", .rule),
      ("ages: 5-9", "ages: 4-9", .rule), ("ages: 5-9", "ages: 9-5", .rule), ("ages: 5-9", "ages: 5-999", .rule),
      ("ages: 5-9", "ages: five", .badValue), ("{ ages: 5-9, persons: 90200000 }", "7", .badValue),
      ("ages: 65-69", "ages: 65-121", .rule), (", persons: 90200000", "", .missing),
      ("cancer: 90 %", "cancer: 80 %", .rule), ("cancer: 90 %", "cancer: 110 %", .rule),
      ("first: 20 %", "first: 120 %", .rule), ("first: 20 %", "first: none %", .badValue),
      ("years: 3 ", "years: 51 ", .rule), ("  spread: 10 %", "  spread: 10 %\n  spread: 10 %", .syntax),
      ("anyway: 2 %", "anyway: 95 %", .rule), ("tolerance: 100 yuan", "tolerance: none", .rule),
      ("tolerance: 100 yuan", "tolerance: 1000001", .rule), ("tolerance: 100 yuan", "tolerance: 0.0000001", .badValue),
      ("tolerance: 100 yuan", "tolerance: &a 100 yuan", .syntax), ("leaving:", "leaving: [", .syntax),
    ] as [(String, String, WrittenFileError.Fault)])
  func faults(_ piece: String, _ other: String, _ fault: WrittenFileError.Fault) throws {
    let error = try error(replacing(piece, by: other))
    #expect(error.fault == fault && error.sort == .population, "\(error)")
    #expect(error.line != nil && error.file == "people.yaml", "\(error)")
    #expect(error.description.hasPrefix("\(error.code.name): people.yaml:"), "\(error)")
  }

  @Test("every part must be there")
  func missing() throws {
    for word in ["format", "name", "size", "joining", "men", "ages", "cases", "health_declaration", "leaving"] {
      // The part with what stands indented below it.
      var kept: [Substring] = []
      var isInside = false
      for line in try Self.text().split(separator: "\n", omittingEmptySubsequences: false) {
        if !line.hasPrefix(" "), !line.isEmpty { isInside = line.hasPrefix(word + ":") }
        if !isInside { kept.append(line) }
      }
      let error = try error(kept.joined(separator: "\n"))
      #expect(error.fault == .missing && error.message.hasPrefix(word), "\(word): \(error)")
    }
  }

  @Test("what is no population at all is refused")
  func nothing() throws {
    #expect(try error("").fault == .syntax)
    #expect(try error("7").fault == .badValue)
    #expect(try error(String(repeating: "[", count: 100_000)).fault == .syntax)
    let nobody = try Self.text().replacing(#/persons: \d+/#, with: "persons: 0")
    #expect(try error(nobody).fault == .rule)
    let unreadable = try #require(throws: WrittenFileError.self) { try PopulationFile(path: "/nowhere.yaml") }
    #expect(unreadable.fault == .unreadable)
    try TemporaryFolder.with { folder in
      let large = folder.url("large.yaml")
      try Data(repeating: 0x23, count: ConventionFile.maximumBytes + 1).write(to: large)
      let error = try #require(throws: WrittenFileError.self) { try PopulationFile(path: large.path()) }
      #expect(error.fault == .unreadable)
    }
  }

  @Test("a row may have its own part of men, and one age alone is a group")
  func ownRow() throws {
    let text = try replacing("ages: 5-9, persons: 90200000", by: "ages: 7, persons: 3, men: 49.5 %")
    let group = try PopulationFile(text: text, file: "f").groups[1]
    #expect(group.from == 7 && group.to == 7 && group.persons == 3 && group.menPartsPerMillion == 495_000)
  }

  /// Damaged files are read or refused, and what is read obeys the rules.
  @Test func damagedFiles() throws {
    var state = UInt64.random(in: .min ... .max)
    let seed = state
    func roll(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let good = Array(try Self.text().utf8)
    let signs = Array(":-[]{},#&*!|>'\"%@` \n\t0a9".utf8)
    var (read, refused) = (0, 0)
    for _ in 0..<500 {
      var bytes = good
      for _ in 0...roll(3) {
        let place = roll(bytes.count)
        switch roll(3) {
        case 0: bytes[place] = signs[roll(signs.count)]
        case 1: bytes.insert(signs[roll(signs.count)], at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 1 + roll(30)))
        }
      }
      do {
        let file = try PopulationFile(text: String(decoding: bytes, as: UTF8.self), file: "seed \(seed)")
        #expect(file.cases.reduce(0) { $0 + $1.partsPerMillion } == 1_000_000, "seed \(seed)")
        #expect(zip(file.groups, file.groups.dropFirst()).allSatisfy { $0.to < $1.from }, "seed \(seed)")
        #expect(file.size > 0 && file.toleranceMicro > 0 && file.selectionYears <= 50, "seed \(seed)")
        read += 1
      } catch {
        refused += 1
      }
    }
    #expect(read > 0 && refused > 0, "seed \(seed)")
  }
}
