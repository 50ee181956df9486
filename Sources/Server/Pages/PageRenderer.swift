internal import Foundation
internal import Mustache
internal import TongzhouClient

/// The templates, read and parsed once at the start, for each language with its texts in place.
///
/// In place, since nearly all names in the templates are those of texts, and Mustache would look each up again for
/// every row (docs/benchmarks.md).
struct PageRenderer: Sendable {
  private let libraries: [Language: MustacheLibrary]

  /// Reads all templates of a directory.
  ///
  /// - Throws: an error of Mustache for a template that does not parse; `Catalogue.Fault` for a missing one.
  init(directory: URL, needed: [String], catalogue: Catalogue) throws {
    PageText.register()
    var files: [(name: String, text: String)] = []
    for file in try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
    where file.pathExtension == "mustache" {
      let text = try String(contentsOf: file, encoding: .utf8)
      guard text.hasPrefix("{{% CONTENT_TYPE:\(PageText.name)}}") else {
        throw Catalogue.Fault(description: "\(file.lastPathComponent) does not begin with its content type")
      }
      files.append((file.deletingPathExtension().lastPathComponent, text))
    }
    for name in needed where !files.contains(where: { $0.name == name }) {
      throw Catalogue.Fault(description: "there is no template \(name)")
    }
    let languages = try Language.allCases.map { ($0, try PageRenderer.library(files, catalogue.texts(in: $0))) }
    libraries = Dictionary(uniqueKeysWithValues: languages)
  }

  /// The HTML of a page.
  func render(_ fields: PageFields, template: String, in language: Language) -> String {
    // Every name was looked up at the start.
    libraries[language]?.render(fields, withTemplate: template) ?? ""
  }

  private static func library(_ files: [(name: String, text: String)], _ texts: Texts) throws -> MustacheLibrary {
    var library = MustacheLibrary()
    for file in files { try library.register(placed(texts, in: file.text), named: file.name) }
    return library
  }

  /// A template in which `{{t.key}}` is the text of that key, as it may stand in HTML.
  private static func placed(_ texts: Texts, in template: String) -> String {
    let parts = template.components(separatedBy: "{{t.")
    return parts.dropFirst().reduce(into: parts[0]) { placed, part in
      guard let end = part.range(of: "}}") else { return placed += "{{t." + part }
      placed += PageText().escapeText(texts.say(String(part[..<end.lowerBound]))) + part[end.upperBound...]
    }
  }
}
