internal import Ledger
public import MutualAid

/// One thing to know about a convention's file.
public struct ConventionFinding: Hashable, Sendable {
  /// How much it matters.
  public enum Severity: String, Sendable {
    /// The convention cannot stand on a chain.
    case error
    /// It can, but its makers should think again.
    case warning
    /// A figure worth knowing.
    case note
  }

  /// How much it matters.
  public let severity: Severity
  /// A stable name such as `yearly_cost`; for errors the name of the error's code.
  public let name: String
  /// In Chinese. The text of an error stands in English in both languages, since it names words of the file.
  public let zh: String
  /// In English.
  public let en: String
  /// The line of the file, where there is one.
  public let line: Int?

  /// The finding in a language.
  public func text(_ language: Language) -> String {
    switch language {
    case .zh: zh
    case .en: en
    }
  }
}

/// What `plan check` says of a convention.
public enum ConventionCheck {
  /// Everything to say about the file at a path; without errors, it can be opened as a plan.
  public static func report(path: String) -> [ConventionFinding] {
    do {
      return report(text: try WrittenFile(.convention, path).text(), file: path)
    } catch {
      return [finding(error)]
    }
  }

  /// Everything to say about the text of a file: its errors, or else warnings and notes.
  public static func report(text: String, file: String) -> [ConventionFinding] {
    do {
      let written = WrittenFile(.convention, file)
      let draft = try ConventionDraft(text: text, file: written)
      let errors = ConventionFile.errors(in: draft, file: written)
      if !errors.isEmpty { return errors.map(finding) }
      return report(try ConventionFile(text: text, file: file).convention)
    } catch {
      return [finding(error)]
    }
  }

  /// Warnings and notes about a convention, the warnings first.
  public static func report(_ convention: Convention) -> [ConventionFinding] {
    let remarks = ConventionRemarks(convention)
    return remarks.warnings + remarks.notes
  }

  private static func finding(_ error: WrittenFileError) -> ConventionFinding {
    ConventionFinding(
      severity: .error, name: error.code.name, zh: error.message, en: error.message, line: error.line)
  }
}
