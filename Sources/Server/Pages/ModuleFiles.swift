internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The scripts of a page that works by itself, such as the one that checks files, kept in memory.
///
/// They name each other without a version, so a browser asks each time whether they changed: never does it run one
/// from before an update together with one from after it.
struct ModuleFiles: Sendable {
  private static let worker = "worker.js"
  /// What workers of several pages run; it stands with the first page's.
  private static let keeping = "keep.js"
  private let files: [String: ByteBuffer]
  private let scope: String

  /// Reads the scripts of a folder.
  ///
  /// - Parameter scope: the page that its worker keeps.
  init(_ folder: URL, scope: String = "/verify") throws {
    self.scope = scope
    var files: [String: ByteBuffer] = [:]
    for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    where file.pathExtension == "js" {
      files[file.lastPathComponent] = ByteBuffer(bytes: try Data(contentsOf: file))
    }
    guard files["page.js"] != nil, files[ModuleFiles.worker] != nil else {
      throw Catalogue.Fault(description: "the scripts of a page are not there")
    }
    self.files = files
  }

  /// What the page loads, by name: all but what the browser runs apart, as its worker.
  var pageModules: [String] { files.keys.filter { ![ModuleFiles.worker, ModuleFiles.keeping].contains($0) }.sorted() }

  /// One of them; `nil` where there is none of that name.
  func response(named name: String) -> Response? {
    guard let file = files[name] else { return nil }
    var headers: HTTPFields = [.contentType: "text/javascript; charset=utf-8", .cacheControl: "no-cache"]
    // The worker stands below the page that it keeps, and may do so only where its answer says it.
    if name == ModuleFiles.worker { headers[.serviceWorkerAllowed] = scope }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: file))
  }
}

extension HTTPField.Name {
  static let serviceWorkerAllowed = known("Service-Worker-Allowed")
}
