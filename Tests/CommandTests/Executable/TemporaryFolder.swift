import Foundation

/// A folder that is removed when its test is over.
struct TemporaryFolder: Sendable {
  let path: String

  /// Makes a folder, hands it over and removes it with all that lies in it.
  static func with<Result>(_ body: (TemporaryFolder) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try body(folder)
  }

  init() throws {
    path = FileManager.default.temporaryDirectory.path() + "/tongzhou-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  func url(_ name: String) -> URL { URL(filePath: path).appending(path: name) }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file, with the folders above it.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let url = url(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path()
  }

  /// Every file below the folder with its content.
  func content() throws -> [String: Data] {
    var found: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: file(name), isDirectory: &isFolder), !isFolder.boolValue else {
        continue
      }
      found[name] = try Data(contentsOf: url(name))
    }
    return found
  }
}
