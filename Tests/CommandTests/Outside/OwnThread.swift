import Foundation

/// Runs what waits on a thread of its own: the few threads that tests share would have nobody left to serve them.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    let thread = Thread { continuation.resume(with: Result { try body() }) }
    thread.stackSize = 8 << 20
    thread.start()
  }
}

/// The least there is to ask a server of this machine, without any task.
enum BlockingHTTP {
  /// An answer as it came.
  struct Answer {
    let status: Int
    /// Names in small letters; of two fields with one name the values with a comma between.
    let fields: [String: String]
    let body: [UInt8]
  }

  /// What a GET brings; `nil` where nobody answers, or not within ten seconds.
  static func get(_ path: String, port: Int) -> (status: Int, body: [UInt8])? {
    ask("GET", path, port: port).map { ($0.status, $0.body) }
  }

  /// What a request without a body brings; `nil` where nobody answers, or not within ten seconds.
  ///
  /// - Parameter isEnough: whether what came so far will do; else the answer ends with the connection.
  static func ask(
    _ method: String, _ path: String, fields: [String: String] = [:], port: Int,
    until isEnough: ([UInt8]) -> Bool = { _ in false }
  ) -> Answer? {
    let lines = fields.map { "\($0.key): \($0.value)\r\n" }.joined()
    let request = "\(method) \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\(lines)\r\n"
    guard let answer = exchange(Array(request.utf8), port: port, until: isEnough),
      let end = answer.firstRange(of: Array("\r\n\r\n".utf8)),
      let status = Int(String(decoding: answer.dropFirst("HTTP/1.1 ".utf8.count).prefix(3), as: UTF8.self))
    else { return nil }
    var found: [String: String] = [:]
    for line in String(decoding: answer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      let value = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
      let name = parts[0].lowercased()
      found[name] = found[name].map { $0 + ", " + value } ?? value
    }
    return Answer(status: status, fields: found, body: Array(answer[end.upperBound...]))
  }

  private static func exchange(_ request: [UInt8], port: Int, until isEnough: ([UInt8]) -> Bool) -> [UInt8]? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = FreePort.address(UInt16(port))
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected, send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
      return nil
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while !isEnough(answer) {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count == 0 { break }
      guard count > 0 else { return nil }
      answer += buffer.prefix(count)
    }
    return answer
  }
}
