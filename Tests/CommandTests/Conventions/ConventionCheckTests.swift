import MutualAid
import Testing
import TongzhouClient

@Suite struct ConventionCheckTests {
  private func names(_ findings: [ConventionFinding], _ severity: ConventionFinding.Severity) -> [String] {
    findings.filter { $0.severity == severity }.map(\.name)
  }

  @Test func shippedConventionsHaveNoErrors() {
    let seed = ConventionCheck.report(path: ShippedConventions.path("tongzhou-seed"))
    #expect(names(seed, .error) == [])
    #expect(names(seed, .warning) == ["wide_band"])
    #expect(names(seed, .note) == ["yearly_cost", "deposit_lasts", "members_needed"])
    let fortnight = ConventionCheck.report(path: ShippedConventions.path("fortnight"))
    #expect(names(fortnight, .error) == [])
    #expect(names(fortnight, .warning) == ["year_cap"])
    #expect(names(fortnight, .note) == ["yearly_cost", "deposit_lasts", "members_needed", "carry"])
  }

  @Test func figuresAreExact() throws {
    let findings = ConventionCheck.report(path: ShippedConventions.path("fortnight"))
    let cost = try #require(findings.first { $0.name == "yearly_cost" })
    #expect(cost.text(.zh).contains("217.08 元"))
    #expect(cost.text(.en).contains("217.08 yuan"))
    let members = try #require(findings.first { $0.name == "members_needed" })
    #expect(members.text(.en).contains("3,240,000 members"))
  }

  @Test func allBrokenRulesAreListedWithTheirLines() throws {
    var text = try #require(
      try ShippedConventions.text("fortnight", replacing: "key: fortnight", by: "key: Fortnight"))
    text = text.replacing("fee: 8 %", with: "fee: 60 %").replacing("filing: 180 days", with: "filing: none")
    let findings = ConventionCheck.report(text: text, file: "f")
    #expect(findings.map(\.severity) == [.error, .error, .error])
    #expect(findings.map(\.name) == [String](repeating: "convention_file.rule", count: 3))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let marked = try findings.map { lines[try #require($0.line) - 1] }
    #expect(marked.map { $0.split(separator: ":")[0] } == ["key", "fee", "filing"])
  }

  @Test func unreadableFilesAreOneError() {
    #expect(ConventionCheck.report(path: "/nowhere/plan.yaml").map(\.name) == ["convention_file.unreadable"])
    #expect(ConventionCheck.report(text: "a: b", file: "f").map(\.name) == ["convention_file.unknown_key"])
  }

  @Test(arguments: [
    ("waiting: 90 days", "waiting: none", "no_waiting"),
    ("fee: 8 %", "fee: 11 %", "high_fee"),
    ("  low: 5 yuan", "  low: 11 yuan", "low_balance"),
    ("filing: 180 days", "filing: 20 days", "short_filing"),
    ("{ notice: 7, debit: 14 }", "{ notice: 7, debit: 9 }", "short_notice"),
    ("ages: 40-59", "ages: 41-59", "no_aid"),
  ])
  func doubtfulRulesAreWarnedAbout(_ piece: String, _ other: String, _ name: String) throws {
    let text = try #require(try ShippedConventions.text("fortnight", replacing: piece, by: other))
    let findings = ConventionCheck.report(text: text, file: "f")
    #expect(names(findings, .error) == [])
    #expect(names(findings, .warning).contains(name))
    for finding in findings where finding.name == name {
      #expect(!finding.zh.isEmpty && !finding.en.isEmpty)
    }
  }
}
