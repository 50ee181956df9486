internal import Ledger
public import MutualAid

/// A convention written by people, as YAML.
///
/// Reading is strict: a word that no rule has, a value that does not read exactly, or a rule that may not
/// stand is an error with its line. Amounts never pass through floating point.
public struct ConventionFile: Sendable {
  /// The most bytes a file may have.
  public static let maximumBytes = WrittenFile.maximumBytes

  /// The file, as it was named by the caller.
  public let file: String
  /// The rules, checked.
  public let convention: Convention

  /// Reads the file at a path.
  public init(path: String) throws(WrittenFileError) {
    try self.init(text: WrittenFile(.convention, path).text(), file: path)
  }

  /// Reads the text of a file; `file` only names it in errors.
  public init(text: String, file: String) throws(WrittenFileError) {
    let written = WrittenFile(.convention, file)
    let draft = try ConventionDraft(text: text, file: written)
    if let first = ConventionFile.errors(in: draft, file: written).first { throw first }
    do {
      convention = try Convention(draft.wire)
    } catch {
      throw written.failure(.rule, error.message)
    }
    self.file = file
  }

  /// Every broken rule, with its line.
  static func errors(in draft: ConventionDraft, file: WrittenFile) -> [WrittenFileError] {
    Convention.faults(in: draft.wire).map { file.failure(.rule, $0.description, line: draft.line(of: $0.field)) }
  }
}
