internal import Foundation
internal import Ledger
public import MutualAid

/// A convention written by people, as YAML.
///
/// Reading is strict: a word that no rule has, a value that does not read exactly, or a rule that may not
/// stand is an error with its line. Amounts never pass through floating point.
public struct ConventionFile: Sendable {
  /// The most bytes a file may have.
  public static let maximumBytes = 262_144

  /// The file, as it was named by the caller.
  public let file: String
  /// The rules, checked.
  public let convention: Convention

  /// Reads the file at a path.
  public init(path: String) throws(ConventionFileError) {
    try self.init(text: ConventionFile.text(path: path), file: path)
  }

  /// Reads the text of a file; `file` only names it in errors.
  public init(text: String, file: String) throws(ConventionFileError) {
    let draft = try ConventionDraft(text: text, file: file)
    if let first = ConventionFile.errors(in: draft, file: file).first { throw first }
    do {
      convention = try Convention(draft.wire)
    } catch {
      throw ConventionFileError(.rule, error.message, file: file, line: nil)
    }
    self.file = file
  }

  /// Every broken rule, with its line.
  static func errors(in draft: ConventionDraft, file: String) -> [ConventionFileError] {
    Convention.faults(in: draft.wire).map {
      ConventionFileError(.rule, $0.description, file: file, line: draft.line(of: $0.field))
    }
  }

  /// The text of the file at a path.
  static func text(path: String, limit: Int = maximumBytes) throws(ConventionFileError) -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw ConventionFileError(.unreadable, "the file is missing or may not be read", file: path, line: nil)
    }
    let data: Data
    do {
      // One byte more than allowed tells a file that is too large, without reading what may never end.
      data = try handle.read(upToCount: limit + 1) ?? Data()
    } catch {
      throw ConventionFileError(.unreadable, "the file cannot be read", file: path, line: nil)
    }
    guard data.count <= limit else {
      throw ConventionFileError(.unreadable, "more than \(limit) bytes", file: path, line: nil)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw ConventionFileError(.unreadable, "not UTF-8", file: path, line: nil)
    }
    return text
  }
}
