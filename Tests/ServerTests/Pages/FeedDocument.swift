import Foundation
import Testing

/// An XML document as another program's parser reads it: Python's, which stops at the first thing that is not XML.
struct XMLTree: Decodable {
  let name: String
  let attributes: [String: String]
  let text: String
  let children: [XMLTree]

  private static let script = """
    import json, sys, xml.etree.ElementTree as tree
    def read(node):
        return {"name": node.tag, "attributes": node.attrib, "text": node.text or "",
                "children": [read(child) for child in node]}
    print(json.dumps(read(tree.fromstring(open(sys.argv[1], "rb").read()))))
    """

  /// - Throws: `CocoaError` for what is not well-formed.
  static func parse(_ text: String) throws -> XMLTree {
    let file = FileManager.default.temporaryDirectory.appending(path: "tongzhou-feed-\(UUID().uuidString)")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, file.path()]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let json = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
    return try JSONDecoder().decode(XMLTree.self, from: json)
  }

  /// The one child of a name.
  func only(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> XMLTree {
    let found = children.filter { $0.name == "{http://www.w3.org/2005/Atom}" + name }
    try #require(found.count == 1, "\(found.count) of \(name)", sourceLocation: sourceLocation)
    return found[0]
  }

  /// Where its one link of a relation leads.
  func link(_ relation: String) throws -> String {
    let links = children.filter { $0.name.hasSuffix("}link") && $0.attributes["rel"] == relation }
    try #require(links.count == 1, "\(links.count) links \(relation)")
    return try #require(links[0].attributes["href"])
  }
}

/// A feed, read as strictly as RFC 4287 writes.
struct FeedDocument {
  struct Entry: Hashable {
    let id, title, summary, published, updated, link: String
  }

  let id, title, updated, language, address, page: String
  let entries: [Entry]

  init(_ text: String) throws {
    try #require(text.hasPrefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed "), "\(text.prefix(80))")
    let root = try XMLTree.parse(text)
    try #require(root.name == "{http://www.w3.org/2005/Atom}feed")
    id = try root.only("id").text
    title = try root.only("title").text
    updated = try root.only("updated").text
    language = try #require(root.attributes["{http://www.w3.org/XML/1998/namespace}lang"])
    address = try root.link("self")
    page = try root.link("alternate")
    // Without an author each entry would need one.
    #expect(try !root.only("author").only("name").text.isEmpty)
    entries = try root.children.filter { $0.name.hasSuffix("}entry") }.map { entry in
      Entry(
        id: try entry.only("id").text, title: try entry.only("title").text, summary: try entry.only("summary").text,
        published: try entry.only("published").text, updated: try entry.only("updated").text,
        link: try entry.link("alternate"))
    }
    for id in [id] + entries.map(\.id) {
      let form = /urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
      #expect(id.wholeMatch(of: form) != nil, "\(id)")
    }
    for time in [updated] + entries.flatMap({ [$0.published, $0.updated] }) {
      #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00/) != nil, "\(time)")
    }
    for text in [title] + entries.flatMap({ [$0.title, $0.summary] }) {
      #expect(!text.isEmpty && !text.contains("⟦"), "\(text)")
    }
  }
}
