import Foundation
import Testing

/// `tongzhou forecast`.
@Suite struct ForecastCommandTests {
  private func forecast(_ arguments: [String]) throws -> Program.Run {
    try Program.tongzhou.run(["forecast"] + arguments)
  }

  private func small(_ plan: String, _ more: String...) throws -> Program.Run {
    try forecast(
      [
        "--plan", ShippedConventions.path(plan), "--population", ShippedConventions.path("population-china-2020"),
        "--years", "2", "--runs", "3", "--sample", "1000",
      ] + more)
  }

  @Test("years, intervals and winding down as JSON; the same seed gives the same", arguments: ShippedConventions.names)
  func json(_ plan: String) throws {
    let run = try small(plan, "--json", "--minimum-members", "1")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let object = try run.object()
    let years = try #require(object["years"] as? [[String: Any]])
    #expect(years.compactMap { $0["year"] as? Int } == [1, 2] && object["minimumMembers"] as? Int == 1)
    #expect((object["windDownYears"] as? [Int])?.isEmpty == true && object["members"] as? Int == 10_000_000)
    for year in years {
      let cost = try #require(year["costYuan"] as? [String: Double])
      let (low, median, high) = (cost["low"] ?? -1, cost["median"] ?? -1, cost["high"] ?? -1)
      #expect(0 <= low && low <= median && median <= high && high > 0)
    }
    #expect(try small(plan, "--json", "--minimum-members", "1").output == run.output)
    #expect(try small(plan, "--json", "--minimum-members", "1", "--seed", "2").output != run.output)
  }

  @Test("a plan with too few members winds down, in both languages")
  func windDown() throws {
    let english = try small("fortnight", "--minimum-members", "2000000000")
    #expect(english.status == 0 && english.text.contains("it came to that in 3 of the 3 runs, first in year 1"))
    let chinese = try small("fortnight", "--minimum-members", "2000000000", "--lang", "zh")
    #expect(chinese.text.contains("3 次模拟里有 3 次终止") && chinese.text.contains("半月互助"))
  }

  @Test("the report is one page that asks for nothing else", arguments: ["zh", "en"])
  func report(_ language: String) throws {
    try TemporaryFolder.with { folder in
      let library = try folder.write("/* </script> */ globalThis.Chart = class { destroy() {} };", to: "chart.js")
      let path = folder.file("report.html")
      let run = try small("fortnight", "--report", path, "--chart-library", library, "--lang", language)
      #expect(run.status == 0 && run.text.contains(path), "\(run.errors)")
      let page = try String(contentsOfFile: path, encoding: .utf8)
      #expect(page.contains("<html lang=\"\(language == "zh" ? "zh-CN" : "en")\">"))
      #expect(page.contains(language == "zh" ? "<h2>假设</h2>" : "<h2>Assumptions</h2>"))
      #expect(page.contains("name=\"viewport\"") && page.contains("prefers-color-scheme: dark"))
      // Three scripts: data, library, drawing. None ends early, and nothing is fetched.
      #expect(page.components(separatedBy: "</script>").count == 4)
      #expect(!page.contains("src=") && !page.contains("<link") && !page.contains("@import") && !page.contains("url("))
      let data = try #require(page.firstMatch(of: #/id="data">(.*)</script>/#))
      let drawing = try #require(
        try JSONSerialization.jsonObject(with: Data(String(data.output.1).utf8)) as? [String: Any])
      #expect((drawing["labels"] as? [String])?.count == 2 && (drawing["charts"] as? [Any])?.count == 7)
    }
  }

  @Test("names in files cannot bring markup into the report")
  func markup() throws {
    try TemporaryFolder.with { folder in
      let library = try folder.write("globalThis.Chart = class {};", to: "chart.js")
      let text = try String(contentsOfFile: ShippedConventions.path("population-china-2020"), encoding: .utf8)
      let people = try folder.write(
        text.replacing("en: China's population, census of 2020", with: "en: \"<script>alert(1)</script>\""),
        to: "p.yaml")
      let run = try forecast([
        "--plan", ShippedConventions.path("fortnight"), "--population", people, "--years", "1", "--runs", "1",
        "--sample", "100", "--report", folder.file("r.html"), "--chart-library", library,
      ])
      #expect(run.status == 0, "\(run.errors)")
      let page = try String(contentsOfFile: folder.file("r.html"), encoding: .utf8)
      #expect(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert(1)"))
    }
  }

  @Test("what is wrong is said with its code")
  func refusals() throws {
    try TemporaryFolder.with { folder in
      let good = ShippedConventions.path("fortnight")
      let bad = try folder.write("format: 1", to: "bad.yaml")
      let people = ShippedConventions.path("population-china-2020")
      for (arguments, status, words) in [
        (["--plan", good, "--population", bad], 1, "population_file.missing: \(bad)"),
        (["--plan", good, "--population", folder.file("none.yaml")], 1, "population_file.unreadable"),
        (["--plan", bad, "--population", people], 1, "\(bad):"),
        (
          ["--plan", good, "--population", people, "--report", "r", "--chart-library", folder.file("no.js")], 1,
          "forecast.no_chart_library"
        ),
        (["--plan", good, "--population", people, "--years", "0"], 64, "--years"),
        (["--plan", good, "--population", people, "--runs", "0"], 64, "--runs"),
        (["--plan", good, "--population", people, "--sample", "99"], 64, "--sample"),
        (["--plan", good], 64, "--population"),
        (
          ["replay", "--plan", ShippedConventions.path("tongzhou-seed"), "--population", people], 1,
          "forecast.no_calendar"
        ),
        (["replay", "--scale", "1"], 64, "--scale"),
      ] as [([String], Int32, String)] {
        let run = try forecast(arguments)
        #expect(run.status == status && run.output.isEmpty && run.errors.contains(words), "\(arguments): \(run.errors)")
      }
      let library = try folder.write("x", to: "chart.js")
      let nowhere = try small("fortnight", "--report", folder.file("no/r.html"), "--chart-library", library)
      #expect(nowhere.status == 1 && nowhere.errors.contains("forecast.unwritable"))
    }
  }

  @Test("the replay prints published, derived and assumed figures apart, and the deviation")
  func replay() throws {
    let files = [
      "replay", "--plan", ShippedConventions.path("fortnight"), "--population",
      ShippedConventions.path("population-china-2020"), "--scale", "2000",
    ]
    let run = try forecast(files + ["--json"])
    #expect(run.status == 0, "\(run.errors)")
    let years = try #require(try run.object()["years"] as? [[String: Any]])
    #expect(years.compactMap { $0["costPublishedYuan"] as? Double } == [29, 91])
    for year in years {
      let (cost, published) = (year["costYuan"] as? Double ?? 0, year["costPublishedYuan"] as? Double ?? 0)
      #expect(abs((year["deviation"] as? Double ?? 9) - (cost / published - 1)) < 1e-9 && cost > 0)
    }
    let text = try forecast(files).text
    #expect(["published: ", "derived: ", "assumed: "].allSatisfy(text.contains))
    #expect(try forecast(files + ["--lang", "zh"]).text.contains("假设的"))
  }
}
