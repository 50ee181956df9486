import Testing
import TongzhouClient

/// What is wrong with a file that people write is said alike, whatever sort of file it is.
@Suite struct WrittenFileErrorTests {
  private static let reasons: [(fault: WrittenFileError.Fault, reason: String)] = [
    (.unreadable, "unreadable"), (.syntax, "syntax"), (.unknownKey, "unknown_key"), (.missing, "missing"),
    (.badValue, "bad_value"), (.rule, "rule"), (.unknownName, "unknown_name"),
  ]

  @Test("codes stay: the sort of the file, then the reason")
  func codes() {
    #expect(Self.reasons.count == WrittenFileError.Fault.allCases.count)
    let sorts: [(sort: WrittenFileError.Sort, word: String)] = [
      (.convention, "convention_file"), (.population, "population_file"), (.hearts, "heart_file"),
    ]
    #expect(sorts.count == WrittenFileError.Sort.allCases.count)
    for (sort, word) in sorts {
      for (fault, reason) in Self.reasons {
        // Only files about hearts name what stands elsewhere.
        let said = fault == .unknownName && sort != .hearts ? "rule" : reason
        #expect(WrittenFileError(sort, fault, "", file: "", line: nil).code.name == "\(word).\(said)")
      }
    }
  }

  @Test("an error says its code, the file and the line, and equals another of its code")
  func words() {
    let error = WrittenFileError(.convention, .badValue, "fee: a percentage is expected", file: "plan.yaml", line: 7)
    #expect("\(error)" == "convention_file.bad_value: plan.yaml:7: fee: a percentage is expected")
    let unplaced = WrittenFileError(.hearts, .badValue, "no such file", file: "gifts.csv", line: nil)
    #expect("\(unplaced)" == "heart_file.bad_value: gifts.csv: no such file")
    #expect(error == WrittenFileError(.convention, .badValue, "", file: "other.yaml", line: nil))
    #expect(error != WrittenFileError(.convention, .rule, error.message, file: error.file, line: error.line))
    #expect(error != unplaced)
  }
}
