internal import Mustache

/// What fills a template: names and values.
///
/// A value that is `nil` becomes `false`, so that a name missing in a row is never looked up in what lies around it.
struct PageFields: MustacheParent, ExpressibleByDictionaryLiteral {
  private var values: [String: Any]

  init(dictionaryLiteral fields: (String, Any?)...) {
    values = Dictionary(fields.map { ($0.0, $0.1 ?? false) }) { _, last in last }
  }

  /// Adds fields; of two with the same name the new one counts.
  mutating func merge(_ other: PageFields) { values.merge(other.values) { _, new in new } }

  /// These fields and others.
  func adding(_ other: PageFields) -> PageFields {
    var fields = self
    fields.merge(other)
    return fields
  }

  /// What a template asks for.
  func child(named name: String) -> Any? { values[name] }
}
