import Foundation

/// Published test data that lies beside the package, not in it.
enum SharedData {
  /// The folder `../shared/data/<name>`; `nil`, with a word on the console, when it is not there.
  static func folder(_ name: String, source: String = #filePath) -> URL? {
    var package = URL(fileURLWithPath: source)
    while package.path != "/", !FileManager.default.fileExists(atPath: package.path + "/Package.swift") {
      package.deleteLastPathComponent()
    }
    let folder = package.deletingLastPathComponent().appendingPathComponent("shared/data/\(name)")
    guard FileManager.default.fileExists(atPath: folder.path) else {
      print("skipped: \(folder.path) is missing")
      return nil
    }
    return folder
  }

  static func bytes(_ file: URL) throws -> [UInt8] {
    Array(try Data(contentsOf: file))
  }
}
