/// Why a file that people write was refused: a convention, a population, or one about hearts.
///
/// One type for all of them, so that what is wrong, and where, is said alike. Equality looks at the code only.
public struct WrittenFileError: Error, Equatable, Sendable {
  /// What sort of file it is; its codes begin with it.
  public enum Sort: Sendable, CaseIterable {
    /// The rules of a plan.
    case convention
    /// The people of a forecast.
    case population
    /// Kinds of gifts and a formula, a chain's founding, or events of gifts.
    case hearts
  }

  /// What kind of thing is wrong.
  public enum Fault: Sendable, CaseIterable {
    /// The file is missing, may not be read, is too large or is not UTF-8.
    case unreadable
    /// Not YAML or not CSV, or of a kind that is not used here (anchors, several documents).
    case syntax
    /// A word or a column that no such file has.
    case unknownKey
    /// Something that has to be stated.
    case missing
    /// A value that does not read as what it should be.
    case badValue
    /// Every value reads well, but together they may not stand.
    case rule
    /// A name that neither the chain nor the file knows: of an organisation, a kind of gift, or a lot. Only of files
    /// about hearts; other files name nothing outside themselves.
    case unknownName
  }

  /// A name that stays; docs/errors.md lists all of them.
  public struct Code: Hashable, Sendable {
    /// `convention_file.reason`, `population_file.reason` or `heart_file.reason`.
    public let name: String

    private init(_ name: String) { self.name = name }
  }

  /// What sort of file it is.
  public let sort: Sort
  /// What kind of thing is wrong.
  public let fault: Fault
  /// What is wrong, for people.
  public let message: String
  /// The file, as it was named by the caller.
  public let file: String
  /// The line, from 1; `nil` where it is not known.
  public let line: Int?

  /// An error at a place of a file.
  public init(_ sort: Sort, _ fault: Fault, _ message: String, file: String, line: Int?) {
    self.sort = sort
    self.fault = fault
    self.message = message
    self.file = file
    self.line = line
  }

  /// The stable name of both.
  public var code: Code { Code(sort, fault) }

  /// Equal when the codes are.
  public static func == (a: WrittenFileError, b: WrittenFileError) -> Bool { a.code == b.code }
}

extension WrittenFileError: CustomStringConvertible {
  /// `code: file:line: message`, so that both the kind and the place are there.
  public var description: String { "\(code.name): \(file):\(line.map { "\($0):" } ?? "") \(message)" }
}

extension WrittenFileError.Code {
  // Written out, so that whoever looks for one of them finds it.
  private static let conventionUnreadable = Self("convention_file.unreadable")
  private static let conventionSyntax = Self("convention_file.syntax")
  private static let conventionUnknownKey = Self("convention_file.unknown_key")
  private static let conventionMissing = Self("convention_file.missing")
  private static let conventionBadValue = Self("convention_file.bad_value")
  private static let conventionRule = Self("convention_file.rule")

  private static let populationUnreadable = Self("population_file.unreadable")
  private static let populationSyntax = Self("population_file.syntax")
  private static let populationUnknownKey = Self("population_file.unknown_key")
  private static let populationMissing = Self("population_file.missing")
  private static let populationBadValue = Self("population_file.bad_value")
  private static let populationRule = Self("population_file.rule")

  private static let heartUnreadable = Self("heart_file.unreadable")
  private static let heartSyntax = Self("heart_file.syntax")
  private static let heartUnknownKey = Self("heart_file.unknown_key")
  private static let heartMissing = Self("heart_file.missing")
  private static let heartBadValue = Self("heart_file.bad_value")
  private static let heartRule = Self("heart_file.rule")
  private static let heartUnknownName = Self("heart_file.unknown_name")

  /// The code of a fault in a sort of file.
  fileprivate init(_ sort: WrittenFileError.Sort, _ fault: WrittenFileError.Fault) {
    self =
      switch (sort, fault) {
      case (.convention, .unreadable): Self.conventionUnreadable
      case (.convention, .syntax): Self.conventionSyntax
      case (.convention, .unknownKey): Self.conventionUnknownKey
      case (.convention, .missing): Self.conventionMissing
      case (.convention, .badValue): Self.conventionBadValue
      case (.convention, .rule), (.convention, .unknownName): Self.conventionRule
      case (.population, .unreadable): Self.populationUnreadable
      case (.population, .syntax): Self.populationSyntax
      case (.population, .unknownKey): Self.populationUnknownKey
      case (.population, .missing): Self.populationMissing
      case (.population, .badValue): Self.populationBadValue
      case (.population, .rule), (.population, .unknownName): Self.populationRule
      case (.hearts, .unreadable): Self.heartUnreadable
      case (.hearts, .syntax): Self.heartSyntax
      case (.hearts, .unknownKey): Self.heartUnknownKey
      case (.hearts, .missing): Self.heartMissing
      case (.hearts, .badValue): Self.heartBadValue
      case (.hearts, .rule): Self.heartRule
      case (.hearts, .unknownName): Self.heartUnknownName
      }
  }
}
