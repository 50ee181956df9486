internal import Foundation
internal import Simulator

/// Chart.js, which draws a report's charts. `Scripts/setup` copies it out of Debian's package `libjs-chart.js`.
enum ChartLibrary {
  /// The library's text, ready to stand in a page.
  ///
  /// - Throws: `forecast.no_chart_library`.
  static func text(at path: String?) throws -> String {
    let places = path.map { [$0] } ?? usualPlaces
    for place in places {
      guard let data = FileManager.default.contents(atPath: place), !data.isEmpty,
        let text = String(validating: data, as: UTF8.self)
      else { continue }
      // Nothing in it may end the element that it stands in.
      return text.replacingOccurrences(of: "</script", with: "<\\/script")
    }
    throw ForecastError(
      .noChartLibrary, "chart.min.js is not at \(places.joined(separator: " or ")); `make setup` puts it there")
  }

  private static var usualPlaces: [String] {
    var places = [".build/web/chart.min.js"]
    if let program = Bundle.main.executablePath {
      let folder = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
      places.append(folder.appendingPathComponent("../../web/chart.min.js").standardized.path)
    }
    return places + ["/usr/share/javascript/chart.js/chart.min.js"]
  }
}
