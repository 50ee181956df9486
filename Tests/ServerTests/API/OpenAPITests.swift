import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Node
import TestSupport
import Testing

@testable import Server

@Suite("The description of the interface, held against the routes")
struct OpenAPITests {
  private let document = OpenAPIDocument.served

  private static func routes() throws -> Set<String> {
    var village = try Village()
    let router = try ServerApplication.router(chains: [try village.show()], clock: { 0 })
    return Set(router.routes.map { "\($0.method.rawValue) \($0.path)" })
  }

  @Test("every route is described, and nothing else")
  func routes() throws {
    // What is under /epcis has a description of its own.
    let routes = try Self.routes().filter { !$0.contains(" /epcis/") }
    let described = document.operations.map { "\($0.method) \($0.path)" }
    #expect(Set(described).count == described.count)
    let log = described.filter { $0.hasPrefix("GET /log/") }
    #expect(log.count == 6)
    #expect(Set(described).subtracting(log).symmetricDifference(routes) == ["GET /log/**"])
  }

  @Test("path parameters are those of the path, and each operation has its own name")
  func parameters() {
    var names: Set<String> = []
    for (path, method, operation) in document.operations {
      let inPath = path.matches(of: /\{([a-z]+)\}/).map { String($0.1) }
      let declared = document.parameters(operation)
      #expect(declared.filter { $0.place == "path" }.map(\.name).sorted() == inPath.sorted(), "\(method) \(path)")
      #expect(Set(declared.map { "\($0.place) \($0.name)" }).count == declared.count)
      #expect(declared.allSatisfy { ["path", "query", "header"].contains($0.place) && !$0.name.isEmpty })
      let name = operation["operationId"] as? String ?? ""
      #expect(!name.isEmpty && names.insert(name).inserted, "\(method) \(path)")
      #expect((operation["summary"] as? String)?.isEmpty == false)
    }
  }

  @Test("every operation says what other methods and mistakes of ours look like; references lead somewhere")
  func responses() throws {
    for (path, method, operation) in document.operations {
      let responses = try #require(operation["responses"] as? [String: Any])
      #expect(responses["405"] != nil && responses["500"] != nil, "\(method) \(path)")
      for (status, response) in responses {
        #expect((document.resolved(response)["description"] as? String)?.isEmpty == false, "\(path) \(status)")
      }
      for parameter in operation["parameters"] as? [Any] ?? [] {
        #expect(document.resolved(parameter)["schema"] != nil, "\(path)")
      }
    }
  }

  @Test("every reason to refuse a transaction is declared with its status")
  func submissionCodes() throws {
    let submit = try #require(document.operations.first { $0.operation["operationId"] as? String == "submit" })
      .operation
    let page = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/errors.md")
        .standardized, encoding: .utf8)
    var count = 0
    for row in page.matches(of: /(?m)^\| (\d+) \| `([a-z_.]+)` \|/) {
      let code = ErrorCode(try #require(UInt16(row.1)), String(row.2))
      guard code != .success else { continue }
      let problem = Problem(LedgerError(code, "why"))
      let declared = try #require(document.codes(submit, status: problem.status.code))
      #expect(declared.contains(problem.code.name), "\(problem.status.code) \(problem.code.name)")
      count += 1
    }
    #expect(count > 50)
    let own: [(Int, Problem.Code)] = [
      (400, .badRequest), (404, .notFound), (405, .methodNotAllowed), (408, .tooSlow), (413, .tooLarge),
      (415, .unsupportedMediaType), (422, .idempotencyMismatch), (429, .tooManyRequests), (500, .internalError),
      (503, .searchBehind), (503, .tooManyReaders),
    ]
    for (status, code) in own {
      #expect(document.codes(submit, status: status)?.contains(code.name) == true, "\(status) \(code.name)")
    }
    let node: [NodeError.Code] = [
      .busy, .stopping, .readOnly, .notReady, .unusableDirectory, .diverged, .sourceLied,
    ]
    for code in node {
      let problem = Problem(NodeError(code, "why"))
      #expect(document.codes(submit, status: problem.status.code)?.contains(code.name) == true, "\(code.name)")
    }
  }
}
