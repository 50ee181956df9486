import Testing

/// Reads a page as strictly as these pages are written, and says what is wrong with it.
struct HTMLCheck {
  private(set) var faults: [String] = []
  private(set) var links: [String] = []
  private(set) var ids: [String] = []
  private(set) var headings: [Int] = []
  /// Text outside of tags.
  private(set) var text = ""
  private var labels: Set<String> = []
  private var inputs: [String] = []
  private var references: [String] = []
  private var open: [String] = []

  private static let void: Set<String> = ["meta", "link", "input", "br", "img", "!doctype"]
  private static let attributes: Set<String> = [
    "action", "alt", "aria-current", "aria-describedby", "aria-label", "aria-labelledby", "aria-live", "autocapitalize",
    "autocomplete", "charset", "class", "content", "data-chain", "data-label", "datetime", "for", "hidden", "href",
    "hreflang", "html", "id", "inputmode", "lang", "loading", "maxlength", "method", "name", "open", "placeholder",
    "rel", "role", "rows", "scope", "spellcheck", "src", "tabindex", "title", "type", "value",
    // Of drawings: shapes and places. Colours are the style sheet's, so that dark pages have dark pictures.
    "cx", "cy", "d", "height", "r", "rx", "text-anchor", "viewBox", "width", "x", "y",
  ]

  init(_ html: String) {
    var rest = Array(html.utf8)[...]
    while let byte = rest.first {
      guard byte == UInt8(ascii: "<") else {
        let run = rest.prefix { $0 != UInt8(ascii: "<") }
        // What a template holds is not shown as it stands: a script fills its values in.
        if !open.contains("template") { text += String(decoding: run, as: UTF8.self) }
        if run.contains(UInt8(ascii: ">")) { faults.append("a bare > in text") }
        rest = rest.dropFirst(run.count)
        continue
      }
      rest = rest.dropFirst()
      read(tag: &rest)
    }
    if !open.isEmpty { faults.append("not closed: \(open)") }
    check()
  }

  private mutating func read(tag rest: inout ArraySlice<UInt8>) {
    let isEnd = rest.first == UInt8(ascii: "/")
    if isEnd { rest = rest.dropFirst() }
    let name = word(&rest).lowercased()
    var values: [String: String] = [:]
    var isWhole = false
    while let byte = rest.first, byte != UInt8(ascii: ">") {
      isWhole = byte == UInt8(ascii: "/")
      if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "/") {
        rest = rest.dropFirst()
        continue
      }
      let attribute = word(&rest)
      guard !attribute.isEmpty else {
        faults.append("<\(name)> holds a strange byte \(byte)")
        rest = rest.dropFirst()
        continue
      }
      if !HTMLCheck.attributes.contains(attribute) { faults.append("<\(name)> has \(attribute)") }
      guard rest.first == UInt8(ascii: "=") else {
        values[attribute] = ""
        continue
      }
      rest = rest.dropFirst()
      guard rest.first == UInt8(ascii: "\"") else {
        faults.append("\(attribute) is not quoted")
        continue
      }
      let value = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
      values[attribute] = String(decoding: value, as: UTF8.self)
      rest = rest.dropFirst(value.count + 2)
    }
    rest = rest.dropFirst()
    guard !isEnd else { return close(name) }
    // Only within a drawing does a slash close an element.
    let isShape = isWhole && open.contains("svg")
    enter(name, values)
    if isShape { close(name) }
    if isWhole, !isShape, !HTMLCheck.void.contains(name) { faults.append("<\(name)/> stays open") }
  }

  private func word(_ rest: inout ArraySlice<UInt8>) -> String {
    let run = rest.prefix { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "!") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    rest = rest.dropFirst(run.count)
    return String(decoding: run, as: UTF8.self)
  }

  private mutating func close(_ name: String) {
    if open.popLast() != name { faults.append("</\(name)> closes something else") }
  }

  private mutating func enter(_ name: String, _ values: [String: String]) {
    if !HTMLCheck.void.contains(name) { open.append(name) }
    if name == "style" || name == "iframe" { faults.append("<\(name)>") }
    // A module of our own, and nothing else that runs.
    let isOurs = ["/verify/", "/partner/"].contains { values["src"]?.hasPrefix($0) == true }
    if name == "script", values["type"] != "module" || !isOurs {
      faults.append("<script> with \(values)")
    }
    if let link = values["href"], name == "a" { links.append(link) }
    if let id = values["id"] { ids.append(id) }
    if name.count == 2, name.hasPrefix("h"), let level = Int(name.dropFirst()) { headings.append(level) }
    if name == "label", let id = values["for"] { labels.insert(id) }
    if name == "input" && values["type"] != "hidden" || name == "textarea" { inputs.append(values["id"] ?? "") }
    if name == "html", values["lang"] == nil { faults.append("no language") }
    if name == "img", values["alt"]?.isEmpty != false || values["src"]?.hasPrefix("/") != true {
      faults.append("an image without words, or from elsewhere")
    }
    if name == "svg", values["role"] != "img" || values["aria-labelledby"] == nil {
      faults.append("a picture without a name")
    }
    for reference in ["aria-labelledby", "aria-describedby"] {
      references += (values[reference] ?? "").split(separator: " ").map(String.init)
    }
  }

  private mutating func check() {
    if Set(ids).count != ids.count { faults.append("an id stands twice") }
    if headings.filter({ $0 == 1 }).count != 1 { faults.append("not exactly one h1") }
    for (before, after) in zip(headings, headings.dropFirst()) where after > before + 1 {
      faults.append("h\(after) after h\(before)")
    }
    for reference in references where !ids.contains(reference) { faults.append("\(reference) names nothing") }
    for input in inputs where !labels.contains(input) { faults.append("an input without label") }
    for link in links {
      if link.hasPrefix("#"), !ids.contains(String(link.dropFirst())) { faults.append("\(link) leads nowhere") }
      if !link.hasPrefix("#"), !link.hasPrefix("/") || link.hasPrefix("//") { faults.append("\(link) leads away") }
    }
    if text.contains("⟦") { faults.append("a text is missing") }
    if text.contains("{") { faults.append("a value is missing") }
  }
}
