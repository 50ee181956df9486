/// Why the file of a population was refused.
///
/// Equality looks at the code only.
public struct PopulationFileError: Error, Equatable, Sendable {
  /// What kind of thing is wrong.
  public struct Code: Hashable, Sendable {
    /// The stable name, `population_file.reason`.
    public let name: String

    /// Declares a code; used only for static members.
    public init(_ name: String) { self.name = name }

    /// The file is missing, may not be read, is too large or is not UTF-8.
    public static let unreadable = Code("population_file.unreadable")
    /// Not YAML, or YAML of a kind that is not used here (anchors, several documents).
    public static let syntax = Code("population_file.syntax")
    /// A word that no population has.
    public static let unknownKey = Code("population_file.unknown_key")
    /// Something that every population must state.
    public static let missing = Code("population_file.missing")
    /// A value that does not read as what it should be.
    public static let badValue = Code("population_file.bad_value")
    /// Every value reads well, but a forecast cannot use it.
    public static let rule = Code("population_file.rule")
  }

  /// What kind of thing is wrong.
  public let code: Code
  /// What is wrong, for people.
  public let message: String
  /// The file, as it was named by the caller.
  public let file: String
  /// The line, from 1; `nil` where it is not known.
  public let line: Int?

  /// An error at a place of a file.
  public init(_ code: Code, _ message: String, file: String, line: Int?) {
    self.code = code
    self.message = message
    self.file = file
    self.line = line
  }

  /// What reading YAML strictly says, as an error of this kind of file.
  init(_ error: ConventionFileError) {
    let code: Code =
      switch error.code {
      case .unreadable: .unreadable
      case .syntax: .syntax
      case .unknownKey: .unknownKey
      case .missing: .missing
      case .badValue: .badValue
      default: .rule
      }
    self.init(code, error.message, file: error.file, line: error.line)
  }

  /// Equal when the codes are.
  public static func == (a: PopulationFileError, b: PopulationFileError) -> Bool { a.code == b.code }
}

extension PopulationFileError: CustomStringConvertible {
  /// `code: file:line: message`, so that both the kind and the place are there.
  public var description: String { "\(code.name): \(file):\(line.map { "\($0):" } ?? "") \(message)" }
}
