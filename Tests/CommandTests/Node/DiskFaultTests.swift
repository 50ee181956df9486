import Foundation
import Testing

/// The real program on a disk that fails: injected by strace, or a file system that is full.
@Suite struct DiskFaultTests {
  private static let strace = "/usr/bin/strace"

  /// Why nothing can be injected here; `nil` where it can.
  private static let noInjection: String? = {
    guard FileManager.default.isExecutableFile(atPath: strace) else { return "there is no \(strace)" }
    let words = [strace, "-f", "-qq", "-o", "/dev/null", "-e", "inject=fdatasync:error=EIO:when=1"]
    let run = try? Program.tongzhou.run(["--version"], wrapped: words)
    return run?.status == 0 ? nil : "this system lets no program be traced"
  }()

  /// Whether a test may run; says why not.
  private static func possible(_ reason: String?, _ what: String) -> Bool {
    if let reason { print("skipped: \(what): \(reason)") }
    return reason == nil
  }

  @Test(
    "a sync that fails with EIO, in the journal's thread and in the log's, is made good, and nothing is lost",
    .enabled(if: possible(noInjection, "EIO from fdatasync")), arguments: [9, 14])
  func injected(call: Int) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let node = try RunningNode(folder.file("data"), logsTo: folder)
    try node.start()
    var acknowledged = [try await node.submit(100)]
    #expect(node.end(SIGTERM) == 0)
    // Each thread counts its own calls.
    try node.start(wrapped: [
      Self.strace, "-f", "-qq", "-o", folder.file("strace"), "-e", "trace=fdatasync", "-e",
      "inject=fdatasync:error=EIO:when=\(call)",
    ])
    for number in 1...UInt64(8) { acknowledged.append(try await node.submit(number)) }
    node.end(SIGKILL)
    let trace = try String(contentsOf: folder.url("strace"), encoding: .utf8)
    #expect(trace.contains("INJECTED") && node.errors.contains("not written"), "\(node.errors)")
    try await expectAll(acknowledged, on: node)
  }

  /// Starts the node again and finds every transaction; then everything is in order.
  private func expectAll(_ acknowledged: [String], on node: RunningNode) async throws {
    try node.start()
    for hash in acknowledged {
      var status = 0
      // The search index may lag behind.
      for _ in 0..<100 where status != 200 {
        status = try await node.status(of: "/v1/transactions/\(hash)")
        if status != 200 { try await Task.sleep(for: .milliseconds(50)) }
      }
      #expect(status == 200, "\(hash) was acknowledged and is not there")
    }
    #expect(node.end(SIGTERM) == 0)
    for command in ["fsck", "audit"] {
      let run = try Program.tongzhou.run(command, node.directory)
      #expect(run.status == 0, "\(command): \(run.text) \(run.errors)")
    }
  }

  /// A file system of few bytes, which only root may make.
  private static func mount(_ path: String) -> String? {
    guard getuid() == 0 else { return "only root may mount a file system" }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/mount")
    process.arguments = ["-t", "tmpfs", "-o", "size=24m", "tmpfs", path]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return "there is no /bin/mount" }
    process.waitUntilExit()
    return process.terminationStatus == 0 ? nil : "this system lets no file system be mounted"
  }

  private static let noMount: String? = {
    guard let folder = try? TemporaryFolder() else { return "no temporary folder" }
    defer {
      umount2(folder.path, Int32(MNT_DETACH))
      folder.remove()
    }
    return mount(folder.path)
  }()

  @Test(
    "on a full file system nothing is acknowledged and pages go on; with room everything goes on by itself",
    .enabled(if: possible(noMount, "a full file system")))
  func full() async throws {
    let folder = try TemporaryFolder()
    let data = folder.file("small")
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
    #expect(Self.mount(data) == nil)
    defer {
      umount2(data, Int32(MNT_DETACH))
      folder.remove()
    }
    let node = try RunningNode(data, logsTo: folder)
    try node.start()
    var acknowledged: [String] = []
    for number in 1...UInt64(3) { acknowledged.append(try await node.submit(number)) }
    fill(data + "/ballast")
    // Some may still find room.
    var number: UInt64 = 4
    while number < 400, let hash = try? await node.submit(number, within: 2) {
      acknowledged.append(hash)
      number += 1
    }
    #expect(number < 400, "the file system never was full")
    #expect(try await node.status(of: "/healthz") == 200)
    #expect(try await node.status(of: "/v1/chains") == 200)
    #expect(node.errors.contains("not written"), "\(node.errors)")
    try FileManager.default.removeItem(atPath: data + "/ballast")
    for later in (number + 1)...(number + 3) { acknowledged.append(try await node.submit(later)) }
    node.end(SIGKILL)
    try await expectAll(acknowledged, on: node)
  }

  /// Writes until nothing fits any more.
  private func fill(_ path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    var size = 1 << 20
    while size > 0 {
      let block = [UInt8](repeating: 7, count: size)
      if write(descriptor, block, size) < size { size /= 2 }
    }
  }
}
