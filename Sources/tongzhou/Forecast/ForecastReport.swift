internal import Foundation
internal import Simulator
internal import TongzhouClient

/// A forecast as one HTML page that needs nothing else: words, charts, every figure in a table, and the assumptions.
struct ForecastReport {
  private struct Series: Encodable {
    let label: String
    let colour: String
    let low: [Double]
    let median: [Double]
    let high: [Double]
  }

  private struct Chart: Encodable {
    let title: String
    let series: [Series]
  }

  private struct Drawing: Encodable {
    let labels: [String]
    let band: String
    let charts: [Chart]
  }

  private let output: ForecastOutput
  private let words: ForecastWords
  private let library: String

  /// A report; `library` is the text of Chart.js.
  init(_ output: ForecastOutput, language: Language, library: String) {
    self.output = output
    words = ForecastWords(language)
    self.library = library
  }

  /// Writes the page.
  ///
  /// - Throws: `forecast.unwritable`.
  func write(to path: String) throws {
    let page = Data(try html().utf8)
    do {
      try page.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw ForecastError(.unwritable, "\(path) cannot be written")
    }
  }

  /// The page.
  func html() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // No "<" may stand in the element that holds the data.
    let data = String(decoding: try encoder.encode(drawing), as: UTF8.self)
      .replacingOccurrences(of: "<", with: "\\u003c")
    let (title, charts) = (ForecastReport.escaped(words.title(output)), drawing.charts)
    let canvases = charts.indices.map { number in
      let name = ForecastReport.escaped(charts[number].title)
      return """
        <figure><figcaption>\(name)</figcaption><div class="plot"><canvas id="chart-\(number)" role="img" \
        aria-label="\(name)"></canvas></div></figure>
        """
    }
    let assumptions = words.assumptions(output).map { "<li>\(ForecastReport.escaped($0))</li>" }
    return """
      <!doctype html>
      <html lang="\(words.code)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <style>
      \(ForecastReport.style)
      </style>
      </head>
      <body>
      <main>
      <h1>\(title)</h1>
      <p>\(ForecastReport.escaped(words.sizes(output)))</p>
      <p><strong>\(ForecastReport.escaped(words.windDown(output)))</strong></p>
      <noscript><p>\(ForecastReport.escaped(words.charts))</p></noscript>
      <section class="charts">
      \(canvases.joined(separator: "\n"))
      </section>
      <h2>\(words.figures)</h2>
      <p class="quiet">\(ForecastReport.escaped(words.intervals))</p>
      <div class="table" tabindex="0" role="region" aria-label="\(words.figures)">
      \(table)
      </div>
      <h2>\(words.assumed)</h2>
      <ul>
      \(assumptions.joined(separator: "\n"))
      </ul>
      </main>
      <script type="application/json" id="data">\(data)</script>
      <script>
      \(library)
      </script>
      <script>
      \(ForecastReport.script)
      </script>
      </body>
      </html>

      """
  }

  private var table: String {
    let header = words.columns.map { "<th scope=\"col\">\(ForecastReport.escaped($0))</th>" }.joined()
    let rows = output.years.map { year in
      let cells = ForecastOutput.cells(year, words).map(ForecastReport.escaped)
      let rest = cells.dropFirst().map { "<td>\($0)</td>" }.joined()
      return "<tr><th scope=\"row\">\(cells[0])</th>\(rest)</tr>"
    }
    return "<table><thead><tr>\(header)</tr></thead><tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table>"
  }

  private var drawing: Drawing {
    func series(
      _ label: String, _ colour: String, times factor: Double = 1,
      _ figure: (ForecastOutput.Year) -> ForecastOutput.Spread
    ) -> Series {
      let spreads = output.years.map(figure)
      return Series(
        label: label, colour: colour, low: spreads.map { $0.low * factor }, median: spreads.map { $0.median * factor },
        high: spreads.map { $0.high * factor })
    }
    return Drawing(
      labels: output.years.map { words.year($0.year) }, band: words.band,
      charts: [
        Chart(title: words.cost, series: [series(words.median, "--accent", \.costYuan)]),
        Chart(title: words.people, series: [series(words.median, "--second", \.members)]),
        Chart(
          title: words.staying,
          series: [
            series(words.under40, "--accent", times: 100, \.youngStaying),
            series(words.over40, "--second", times: 100, \.olderStaying),
          ]),
        Chart(title: words.young, series: [series(words.median, "--accent", times: 100, \.under40)]),
        Chart(title: words.cases, series: [series(words.median, "--second", \.cases)]),
        Chart(title: words.reserve, series: [series(words.median, "--accent", \.reserveYuan)]),
        Chart(
          title: words.carried,
          series: [series(words.median, "--second", times: words.moneyUnit.factor, \.carriedYuan)]),
      ])
  }

  /// Text that may stand in an element or an attribute.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
