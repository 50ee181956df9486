internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import NIOCore
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// `/log/<chain>/…`: the files of each log, for any C2SP client. Nothing else can be reached by these paths.
struct LogFiles {
  /// Those with longer names first: `aid/senior` is a chain of its own and no file of `aid`.
  private let chains: [any ServedChain]
  private let cache: TileCache
  private let witnessing: Witnessing

  /// - Parameters:
  ///   - cacheBytes: how much of full tiles and bundles may be kept in memory.
  ///   - witnessing: what outside witnesses say of the chains.
  init(chains: [any ServedChain], cacheBytes: Int, witnessing: Witnessing) {
    self.witnessing = witnessing
    cache = TileCache(limit: cacheBytes)
    self.chains = chains.sorted { $0.name.utf8.count > $1.name.utf8.count }
  }

  func addRoutes(to router: Router<ServerContext>) {
    router.get("log/**") { request, _ in try response(path: request.uri.path) }
  }

  private func response(path: String) throws -> Response {
    if let bytes = cache[path] { return LogFiles.tile(bytes) }
    guard path.hasPrefix("/log/"), path.utf8.count < 256,
      let chain = chains.first(where: { path.hasPrefix("/log/\($0.name)/") })
    else { throw Problem.notFound("no log at this place") }
    let file = String(path.dropFirst("/log/\(chain.name)/".count))
    if file == "checkpoint" {
      guard let view = chain.view else { throw API.notReady }
      return LogFiles.text(view.checkpoint)
    }
    if file == "witnessed-checkpoint" {
      guard let bytes = witnessing.feeder(chain.name)?.checkpoint else {
        throw Problem.notFound("no outside witness has cosigned a checkpoint of this log yet")
      }
      return LogFiles.text(bytes)
    }
    if file == "policy" {
      guard let view = chain.view else { throw API.notReady }
      return LogFiles.text(try view.certifiers.policy(origin: view.genesis.origin).text)
    }
    if file == PolicyChanges.path {
      guard let bytes = try chain.log.read(file) else {
        throw Problem.notFound("the endorsers of this chain have never changed")
      }
      return Response(
        status: .ok, headers: [.contentType: PolicyChanges.mediaType, .cacheControl: "no-cache"],
        body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
    if file.hasPrefix("policy/"), let height = UInt64(file.dropFirst("policy/".count)), file == "policy/\(height)",
      let bytes = try chain.log.read(file)
    {
      return LogFiles.text(bytes, isFixed: true)
    }
    // Only the one spelling that the format allows is a file's path, so no path leads out of the log.
    guard (try? TileCoordinate(path: file)) != nil || (try? EntryBundleCoordinate(path: file)) != nil else {
      throw Problem.notFound("no such file in a log")
    }
    guard let read = try chain.log.read(file) else { throw Problem.notFound("the log has no such tile yet") }
    let bytes = ByteBuffer(bytes: read)
    if let size = chain.view?.head.size, LogDirectory.isSettled(file, size: size) { cache.keep(bytes, for: path) }
    return LogFiles.tile(bytes)
  }

  private static func tile(_ bytes: ByteBuffer) -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/octet-stream", .cacheControl: fixed],
      body: .init(byteBuffer: bytes))
  }

  /// For what never changes.
  private static let fixed = "public, max-age=31536000, immutable"

  private static func text(_ bytes: [UInt8], isFixed: Bool = false) -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: "text/plain; charset=utf-8",
        .cacheControl: isFixed ? fixed : "no-cache",
      ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
