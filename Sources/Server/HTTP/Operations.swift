internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Metrics
internal import NIOCore
internal import Node
internal import Storage

/// What an operator and his tools look at: health, readiness, metrics, and the description of the interface.
struct Operations {
  let chains: [any ServedChain]
  let metrics: PrometheusRegistry?
  let witnessing: Witnessing
  private let description: [UInt8]

  init(chains: [any ServedChain], metrics: PrometheusRegistry?, witnessing: Witnessing) throws {
    self.chains = chains
    self.metrics = metrics
    self.witnessing = witnessing
    guard let url = Bundle.module.url(forResource: "openapi", withExtension: "yaml", subdirectory: "Resources") else {
      throw NodeError(
        .unusableDirectory, "the program's resources are missing: keep tongzhou_Server.resources beside it")
    }
    description = Array(try Data(contentsOf: url))
  }

  func addRoutes(to router: Router<ServerContext>) {
    router.get("healthz") { _, _ in Operations.text("ok\n") }
    router.get("readyz") { _, _ -> Response in
      guard chains.allSatisfy({ $0.view != nil }) else {
        throw NodeError(.notReady, "the node replays its log, or a chain has no block yet")
      }
      if let fault = chains.compactMap(\.fault).first { throw fault }
      return Operations.text("ready\n")
    }
    router.get("metrics") { _, _ -> Response in
      guard let metrics else { throw Problem.notFound("this process counts nothing") }
      for chain in chains {
        guard let view = chain.view else { continue }
        func gauge(_ label: String, _ value: Int64) {
          Gauge(label: label, dimensions: [("chain", chain.name)], factory: metrics).record(value)
        }
        gauge("tongzhou_chain_height", Int64(clamping: view.height))
        gauge("tongzhou_log_entries", Int64(clamping: view.head.size))
        gauge("tongzhou_block_time_seconds", Int64(clamping: view.time.seconds))
        gauge("tongzhou_chain_stopped", chain.fault == nil ? 0 : 1)
        gauge("tongzhou_search_height", Int64(clamping: try chain.index.height))
        for standing in witnessing.feeder(chain.name)?.standings ?? [] {
          let behind = view.head.size > standing.size ? view.head.size - standing.size : 0
          Gauge(
            label: "tongzhou_witness_behind_entries",
            dimensions: [("chain", chain.name), ("witness", standing.witness)], factory: metrics
          ).record(Int64(clamping: behind))
        }
      }
      return Operations.text(metrics.text(), type: "text/plain; version=0.0.4; charset=utf-8")
    }
    router.get("openapi.yaml") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/yaml"],
        body: .init(byteBuffer: ByteBuffer(bytes: description)))
    }
  }

  private static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
    Response(
      status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}
