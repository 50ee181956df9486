/// Why a convention's file was refused.
///
/// Equality looks at the code only.
public struct ConventionFileError: Error, Equatable, Sendable {
  /// What kind of thing is wrong.
  public struct Code: Hashable, Sendable {
    /// The stable name, `convention_file.reason`.
    public let name: String

    /// Declares a code; used only for static members.
    public init(_ name: String) { self.name = name }

    /// The file is missing, may not be read, is too large or is not UTF-8.
    public static let unreadable = Code("convention_file.unreadable")
    /// Not YAML, or YAML of a kind that is not used here (anchors, several documents).
    public static let syntax = Code("convention_file.syntax")
    /// A word that no rule has.
    public static let unknownKey = Code("convention_file.unknown_key")
    /// A rule that every convention must state.
    public static let missing = Code("convention_file.missing")
    /// A value that does not read as what it should be.
    public static let badValue = Code("convention_file.bad_value")
    /// Every value reads well, but the rules may not stand like this.
    public static let rule = Code("convention_file.rule")
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

  /// Equal when the codes are.
  public static func == (a: ConventionFileError, b: ConventionFileError) -> Bool { a.code == b.code }
}

extension ConventionFileError: CustomStringConvertible {
  /// `file:line: message`, as compilers write it.
  public var description: String { "\(file):\(line.map { "\($0):" } ?? "") \(message)" }
}
