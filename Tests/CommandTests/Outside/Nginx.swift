import Foundation
import Testing

/// Debian's nginx with the site of deploy/nginx.conf, on a free port and with all its files in a folder of its own.
final class Nginx {
  private static let path = "/usr/sbin/nginx"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  let port: Int
  private let folder: TemporaryFolder
  private let program: RunningProgram

  /// Starts it and waits until it answers.
  ///
  /// - Parameters:
  ///   - node: the port of the node behind it.
  ///   - data: the node's data directory.
  ///   - change: what else is different from the site as it lies in the checkout.
  init(before node: Int, data: String, _ change: (String) -> String = { $0 }) async throws {
    let folder = try TemporaryFolder()
    let port = try FreePort.find()
    (self.folder, self.port) = (folder, port)
    let site = PythonPrograms.checkout.appending(path: "deploy/nginx.conf")
    var text = try String(contentsOf: site, encoding: .utf8)
    // The lines that an operator sets. Each stands there once, or this is not what he would get.
    for (line, own) in [
      ("server 127.0.0.1:8080;", "server 127.0.0.1:\(node);"), ("listen 80;", "listen 127.0.0.1:\(port);"),
      ("root /var/lib/tongzhou;", "root \(data);"),
    ] {
      try #require(text.components(separatedBy: line).count == 2, "\(line)")
      text = text.replacing(line, with: own)
    }
    let changed = change(text)
    try folder.write(changed, to: "site.conf")
    let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder.file($0));" }
    // One process, so that none is left over when it is killed.
    let settings = """
      daemon off;
      master_process off;
      pid \(folder.file("pid"));
      error_log \(folder.file("error.log"));
      events { worker_connections 512; }
      http {
        \(places.joined(separator: "\n  "))
        include \(folder.file("site.conf"));
      }

      """
    let main = try folder.write(settings, to: "nginx.conf")
    program = try RunningProgram(
      ["-p", folder.path, "-c", main, "-e", folder.file("error.log")], of: Self.path, output: folder.file("nginx.out"))
    let isUp = try await soon(30) { [port, program] in
      !program.process.isRunning || BlockingHTTP.get("/log/nowhere/tile/0/000", port: port) != nil
    }
    try #require(isUp && program.process.isRunning, "nginx does not come up: \(said)")
  }

  /// What it complains about.
  var said: String {
    ["error.log", "nginx.out"].map { (try? String(contentsOfFile: folder.file($0), encoding: .utf8)) ?? "" }.joined()
  }

  func end() {
    if program.process.isRunning { #expect(program.stop() == 0, "\(said)") }
    folder.remove()
  }
}
