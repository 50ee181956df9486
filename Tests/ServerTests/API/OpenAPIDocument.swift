import Foundation
import HTTPTypes
import Yams

/// The description of the interface, read as a client would read it.
struct OpenAPIDocument: @unchecked Sendable {
  // Unchecked: what YAML gives is never changed.
  private let root: [String: Any]

  /// Resources/openapi.yaml of the sources under test.
  static let served: OpenAPIDocument = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Sources/Server/Resources/openapi.yaml")
    do {
      let text = try String(contentsOf: file.standardized, encoding: .utf8)
      return OpenAPIDocument(root: try Yams.load(yaml: text) as? [String: Any] ?? [:])
    } catch {
      preconditionFailure("openapi.yaml does not read: \(error)")
    }
  }()

  /// Every operation: its path, method and description.
  var operations: [(path: String, method: String, operation: [String: Any])] {
    let paths = root["paths"] as? [String: [String: Any]] ?? [:]
    return paths.sorted { $0.key < $1.key }.flatMap { path, methods in
      methods.sorted { $0.key < $1.key }.compactMap { method, operation in
        (operation as? [String: Any]).map { (path, method.uppercased(), $0) }
      }
    }
  }

  /// What a reference leads to; the value itself where it is none.
  func resolved(_ value: Any?) -> [String: Any] {
    guard let object = value as? [String: Any] else { return [:] }
    guard let reference = object["$ref"] as? String else { return object }
    var place: Any? = root
    for name in reference.split(separator: "/").dropFirst() { place = (place as? [String: Any])?[String(name)] }
    return resolved(place)
  }

  /// The parameters of an operation: place and name.
  func parameters(_ operation: [String: Any]) -> [(place: String, name: String)] {
    (operation["parameters"] as? [Any] ?? []).map { parameter in
      let parameter = resolved(parameter)
      return (parameter["in"] as? String ?? "", parameter["name"] as? String ?? "")
    }
  }

  /// The codes that a problem document of a response may have; `nil` where there is no such response.
  func codes(_ operation: [String: Any], status: Int) -> Set<String>? {
    let responses = operation["responses"] as? [String: Any] ?? [:]
    guard let response = responses["\(status)"] else { return nil }
    let content = resolved(response)["content"] as? [String: Any] ?? [:]
    let schema = resolved((content["application/problem+json"] as? [String: Any])?["schema"])
    let code = (schema["properties"] as? [String: Any])?["code"] as? [String: Any]
    return Set(code?["enum"] as? [String] ?? [])
  }

  /// The operation that an address belongs to; of two the one with fewer parameters in its path.
  private func operation(_ method: HTTPRequest.Method, _ address: String) -> [String: Any]? {
    let parts = address.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    // HEAD is answered wherever GET is.
    let name = method == .head ? "GET" : method.rawValue
    let found = operations.filter { path, method, _ in
      let wanted = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
      return method == name && wanted.count == parts.count
        && zip(wanted, parts).allSatisfy { $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }
    }
    return found.min { $0.path.filter { $0 == "{" }.count < $1.path.filter { $0 == "{" }.count }?.operation
  }

  /// What of an answer is not in the description; `nil` where all of it is.
  func fault(in answer: ServerProbe.Answer, to method: HTTPRequest.Method, _ address: String) -> String? {
    guard let operation = operation(method, address) else {
      // Nothing is described there, so there is nothing, unless a log's file has a long path.
      return address.hasPrefix("/log/") || [404, 405].contains(answer.status.code) ? nil : "not described"
    }
    let status = answer.status.code
    let responses = operation["responses"] as? [String: Any] ?? [:]
    guard let response = responses["\(status)"] else { return "status \(status) is not declared" }
    guard method != .head, status != 304 else { return nil }
    let content = resolved(response)["content"] as? [String: Any] ?? [:]
    let type = answer.headers[.contentType].map { String($0.prefix { $0 != ";" }) } ?? "none"
    guard content[type] != nil else { return "content type \(type) of status \(status) is not declared" }
    guard type == "application/problem+json" else { return nil }
    let code = try? answer.object()["code"] as? String
    let declared = codes(operation, status: status) ?? []
    return declared.isEmpty || declared.contains(code ?? "") ? nil : "code \(code ?? "none") is not declared"
  }
}
