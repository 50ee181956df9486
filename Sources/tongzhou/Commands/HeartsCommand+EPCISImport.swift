internal import ArgumentParser
internal import Exchange
internal import Foundation
internal import Ledger
internal import TongzhouClient

extension HeartsCommand.EPCIS {
  /// `tongzhou hearts epcis import`.
  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an organisation: hand in the events of an EPCISDocument at a node that signs for it.",
      discussion: """
        The node's operator has given the organisation a token (docs/epcis.md); it is read from a file or from standard
        input, never from the command line. All of the document is read before anything is sent. One that is larger than
        a capture takes is sent as several, one after the other, and the first of which something is refused is the
        last, unless --proceed goes on. What was taken stands; sent again, its events are refused as known.
        """)

    @Argument(help: "The document.")
    var file: String

    @Argument(help: "The node's address.")
    var url: String

    @Option(help: "A file that begins with the token; standard input without it.")
    var token: String?

    @Flag(help: "Take the other events where one is refused, instead of none of its capture.")
    var proceed = false

    @Flag(help: "Only read the document: nothing is sent.")
    var check = false

    @OptionGroup var node: NodeOptions
    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        let parts = try EPCISDocument.cut(SmallFile.read(file, limit: EPCISDocument.maximumCut))
        var told = Told(events: parts.reduce(0) { $0 + $1.count })
        guard !check else { return try show(told, parts.count) }
        let token = try word()
        var options = node.client
        options.patienceSeconds = 180
        let pinned = try node.pinned()
        try await NodeClient.with(url, options: options) { client in
          let (name, chain) = try await client.trustedHearts(node.chain, pinned: pinned)
          told.chain = "\(chain.id)"
          for part in parts {
            do {
              let id = try await client.capture(epcis: part.json, token: token, isRollback: !proceed, on: name)
              let capture = try await end(of: id, token, client, name)
              told.add(capture, id, part)
            } catch {
              // What went before stands; say so before the error ends it.
              if !told.captures.isEmpty { try show(told, parts.count) }
              throw error
            }
            guard proceed || told.refused.isEmpty else { break }
          }
        }
        try show(told, parts.count)
        guard told.refused.isEmpty else { throw ExitCode(1) }
      } catch let code as ExitCode {
        throw code
      } catch {
        throw Output.fail(error)
      }
    }

    /// Waits until a capture is done. Its manifest may wait two minutes for a block, and others before it.
    private func end(
      of id: String, _ token: String, _ client: NodeClient, _ name: String
    ) async throws -> NodeClient.EPCISCapture {
      let deadline = ContinuousClock.now + .seconds(600)
      var pause: Int64 = 50
      repeat {
        let capture = try await client.epcisCapture(id, token: token, on: name)
        if !capture.running { return capture }
        try await Task.sleep(for: .milliseconds(pause))
        pause = min(pause * 2, 1000)
      } while ContinuousClock.now < deadline
      throw ClientError(.timedOut, "capture \(id) is not done after ten minutes; what it holds can be sent again")
    }

    private func word() throws -> String {
      let bytes: [UInt8]
      if let token {
        guard case .bytes(let found) = SecretFile.content(of: token, limit: 4095) else {
          throw LedgerError(.badKey, "cannot read a token from \(token), or others can read it too; chmod 600 it")
        }
        bytes = found
      } else {
        bytes = Array(try FileHandle.standardInput.read(upToCount: 4095) ?? Data())
      }
      let word = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
      guard let word else { throw LedgerError(.badKey, "no token there") }
      return String(word)
    }

    private func show(_ told: Told, _ count: Int) throws {
      if json.isOn {
        try Output.json(told)
      } else if check {
        Output.line("\(told.events) events read, for \(count) captures; nothing was sent")
      } else {
        let taken = told.captures.count { $0.succeeded }
        Output.line("\(taken) of \(count) captures were taken whole, \(told.refused.count) events or captures refused")
        for capture in told.captures {
          Output.line("  capture  \(capture.id): events \(capture.first) to \(capture.first + capture.count - 1)")
        }
        if let chain = told.chain { Output.line("  chain    \(chain)") }
      }
      for problem in told.refused {
        Output.note("\(problem.code): \(file)\(problem.event.map { ": event \($0)" } ?? ""): \(problem.message)")
      }
    }

    /// What became of a document.
    private struct Told: Encodable {
      struct Capture: Encodable {
        let id: String
        /// The place of its first event in the document, and how many they are.
        let first: Int
        let count: Int
        let succeeded: Bool
      }

      struct Refusal: Encodable {
        /// Which event of the document, from 0.
        let event: Int?
        let type: String
        let code: String
        let message: String
      }

      var chain: String?
      let events: Int
      var captures: [Capture] = []
      var refused: [Refusal] = []

      init(events: Int) { self.events = events }

      mutating func add(_ capture: NodeClient.EPCISCapture, _ id: String, _ part: EPCISDocument.Part) {
        captures.append(Capture(id: id, first: part.first, count: part.count, succeeded: capture.success))
        for problem in capture.errors {
          var message = problem.detail
          // It counts the events of its capture.
          if let event = problem.event, message.hasPrefix("event \(event): ") {
            message.removeFirst("event \(event): ".count)
          }
          refused.append(
            Refusal(
              event: problem.event.map { part.first + $0 }, type: problem.type, code: problem.code,
              message: message))
        }
        // A capture that failed without a word is not passed over.
        if !capture.success, capture.errors.isEmpty {
          refused.append(
            Refusal(event: nil, type: "epcisException:ImplementationException", code: "client.bad_answer", message: id))
        }
      }
    }
  }
}
