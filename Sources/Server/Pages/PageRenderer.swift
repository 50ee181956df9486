internal import Foundation
internal import Mustache

/// The templates, read and parsed once at the start.
struct PageRenderer: Sendable {
  private let library: MustacheLibrary

  /// Reads all templates of a directory.
  ///
  /// - Throws: an error of Mustache for a template that does not parse; `Catalogue.Fault` for a missing one.
  init(directory: URL, needed: [String]) throws {
    PageText.register()
    var library = MustacheLibrary()
    for file in try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
    where file.pathExtension == "mustache" {
      let text = try String(contentsOf: file, encoding: .utf8)
      guard text.hasPrefix("{{% CONTENT_TYPE:\(PageText.name)}}") else {
        throw Catalogue.Fault(description: "\(file.lastPathComponent) does not begin with its content type")
      }
      try library.register(text, named: file.deletingPathExtension().lastPathComponent)
    }
    for name in needed where library.getTemplate(named: name) == nil {
      throw Catalogue.Fault(description: "there is no template \(name)")
    }
    self.library = library
  }

  /// The HTML of a page.
  func render(_ fields: PageFields, template: String) -> String {
    // Every name was looked up at the start.
    library.render(fields, withTemplate: template) ?? ""
  }
}
