/// Why a forecast cannot be made. Equality looks at the code only.
public struct ForecastError: Error, Equatable, Sendable {
  /// What kind of thing is wrong.
  public struct Code: Hashable, Sendable {
    /// The stable name, `forecast.reason`.
    public let name: String

    /// Declares a code; used only for static members.
    public init(_ name: String) { self.name = name }

    /// A class of disease of the population's cases that the convention does not have.
    public static let unknownClass = Code("forecast.unknown_class")
    /// The population has nobody of the ages at which one may join.
    public static let nobodyJoins = Code("forecast.nobody_joins")
    /// A replay needs a plan with a calendar, in which payers are counted at notice.
    public static let noCalendar = Code("forecast.no_calendar")
    /// The library that draws a report's charts is not on this machine.
    public static let noChartLibrary = Code("forecast.no_chart_library")
    /// The report's file cannot be written.
    public static let unwritable = Code("forecast.unwritable")
  }

  /// What kind of thing is wrong.
  public let code: Code
  /// What is wrong, for people.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Equal when the codes are.
  public static func == (a: ForecastError, b: ForecastError) -> Bool { a.code == b.code }
}

extension ForecastError: CustomStringConvertible {
  /// `code: message`, as the command line prints it.
  public var description: String { "\(code.name): \(message)" }
}
