import Exchange
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import Metrics
import Node
import Storage
import TestSupport
import Testing

@testable import Server

@Suite("What an operator asks for")
struct OperationsTests {
  @Test("a node that lives and is ready says so, and nobody keeps the answer")
  func health() async throws {
    var village = try Village.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      for (address, text) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = try await server.get(address)
        #expect(answer.status == .ok && answer.text == text)
        #expect(answer.headers[.cacheControl] == "no-store" && answer.headers[.eTag] == nil)
        #expect(try await server.get(address, headers: [.ifNoneMatch: "*"]).status == .ok)
        #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
      }
    }
  }

  @Test("of two chains one that is not ready keeps the node from being ready")
  func halfReady() async throws {
    var village = try Village()
    let network = try TestNetwork(name: "senior")
    let fixture = try PageFixture(network, name: "senior")
    let waiting = ShownChain("senior", log: .init("senior", disk: fixture.disk), index: fixture.index, view: nil)
    let chain = try village.show()
    try await ServerProbe.with([chain, waiting]) { server in
      try await server.refuses("/readyz", "503 node.not_ready")
      try await server.refuses("/v1/plans?chain=senior", "503 node.not_ready")
      // What is ready is served.
      #expect(try await server.get("/v1/plans").status == .ok)
      #expect(try #require(try await server.get("/v1/chains").object()["chains"] as? [Any]).count == 1)
    }
  }

  @Test("metrics come in Prometheus' text format, with the chain's figures")
  func metrics() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let view = try #require(chain.view)
    let registry = PrometheusRegistry()
    try await ServerProbe.with([chain], metrics: registry) { server in
      // The process has one place for metrics, so the registry is asked by itself for what is counted.
      Counter(label: "test_total", dimensions: [("odd\"label", "a\\b\n\"c\"")], factory: registry).increment(by: 2)
      let answer = try await server.get("/metrics")
      #expect(answer.status == .ok)
      #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(answer.text.contains("# TYPE test_total counter\n"))
      #expect(answer.text.contains(#"test_total{odd_label="a\\b\n\"c\""} 2.0"# + "\n"))
      for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
        #expect(line.wholeMatch(of: /[a-z_]+(\{.*\})? [-+0-9.e]+/) != nil, "\(line)")
      }
      #expect(answer.text.contains("tongzhou_chain_height{chain=\"aid\"} \(Double(view.height))\n"))
      #expect(answer.text.contains("tongzhou_log_entries{chain=\"aid\"} \(Double(view.head.size))\n"))
      #expect(answer.text.contains("tongzhou_search_height{chain=\"aid\"} \(Double(view.height))\n"))
    }
    try await ServerProbe.with([chain]) { server in
      try await server.refuses("/metrics", "404 http.not_found")
    }
  }

  @Test("the log is loud about what is the node's fault, and quiet about what passes by itself")
  func loudness() {
    func level(_ error: any Error) -> Logger.Level? { Problem(error).level(of: error) }
    #expect(level(Problem(.serviceUnavailable, .searchBehind, "not caught up")) == .debug)
    #expect(level(LedgerError(.poolFull, "full")) == .debug && level(CancellationError()) == .debug)
    #expect(level(CocoaError(.fileNoSuchFile)) == .error)
    #expect(level(Problem(.internalServerError, .internalError, "unforeseen")) == .error)
    #expect(level(EPCISError(.implementation, "cannot be read")) == .error && level(EPCISError(.query, "no")) == nil)
    #expect(level(Problem.notFound("nothing")) == nil && level(NodeError(.notReady, "later")) == nil)
  }

  @Test("the description of the interface is served as it lies in the sources")
  func openAPI() async throws {
    var village = try Village()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let answer = try await server.get("/openapi.yaml")
      #expect(answer.status == .ok && answer.headers[.contentType] == "application/yaml")
      #expect(answer.text.hasPrefix("openapi: 3.1.0\n"))
    }
  }
}
