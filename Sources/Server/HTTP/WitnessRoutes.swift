internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
public import Node
internal import TransparencyLog

/// What a node does as a witness and for witnesses.
public struct Witnessing: Sendable {
  /// The node's own part as a witness of other logs; `nil` where it is none.
  public var witness: NodeWitness?
  /// What outside witnesses say of the served chains.
  public var feeders: [WitnessFeeder]

  /// Neither, where nothing is given.
  public init(witness: NodeWitness? = nil, feeders: [WitnessFeeder] = []) {
    self.witness = witness
    self.feeders = feeders
  }

  /// The feeder of a chain.
  func feeder(_ chain: String) -> WitnessFeeder? { feeders.first { $0.chain == chain } }
}

/// `/witness/…`: the node as a witness (C2SP tlog-witness). Answers are plain text, also those that refuse: whoever
/// asks here speaks that protocol and no other.
struct WitnessRoutes {
  let witness: NodeWitness?
  let limit: RateLimit
  /// How long a body may take to arrive.
  let patience: Duration

  func addRoutes(to router: Router<ServerContext>) {
    router.post("witness/add-checkpoint") { request, context in
      try await plainly { try await add(request, context) }
    }
    router.get("witness/{origin}/checkpoint") { _, context in
      try await plainly {
        // Only in the one form that the format gives: lower case.
        guard let text = context.parameters.get("origin"), let origin = Hash(hexadecimal: text),
          origin.description == text, let bytes = try await found().checkpoint(origin)
        else { throw Problem.notFound("no checkpoint of such a log was cosigned here") }
        return WitnessRoutes.text(.ok, bytes, fields: [.cacheControl: "no-cache"])
      }
    }
    router.get("witness/vkey") { _, _ in
      try await plainly {
        WitnessRoutes.text(.ok, try found().verifierKey.text + [0x0A], fields: [.cacheControl: "no-cache"])
      }
    }
  }

  private func found() throws -> NodeWitness {
    guard let witness else { throw Problem.notFound("this node is no witness") }
    return witness
  }

  private func add(_ request: Request, _ context: ServerContext) async throws -> Response {
    var fields = try limit.count(context)
    fields[.cacheControl] = "no-store"
    let witness = try found()
    let body = try await request.bytes(upTo: AddCheckpointRequest.maximumByteCount, within: patience)
    let asked: AddCheckpointRequest
    do {
      asked = try AddCheckpointRequest(body)
    } catch {
      throw Problem(.badRequest, Problem.Code(error.code.rawValue), error.message, fields: fields)
    }
    switch try await witness.add(asked) {
    case .cosigned(let line): return WitnessRoutes.text(.ok, line.line, fields: fields)
    case .conflict(let size):
      return WitnessRoutes.text(
        .conflict, DecimalText.encode(size) + [0x0A], type: CheckpointSubmission.sizeContentType, fields: fields)
    case .refused(let refusal):
      return WitnessRoutes.text(
        .init(code: refusal.status), Array((WitnessRoutes.words(refusal) + "\n").utf8), fields: fields)
    }
  }

  private static func words(_ refusal: Witness.Refusal) -> String {
    switch refusal {
    case .unknownOrigin: "no log of this origin is witnessed here"
    case .untrusted: "no trusted key of this origin has signed, or the signature of one fails"
    case .oldSizeAboveSize: "the old size is larger than the checkpoint's"
    case .inconsistent: "the proof does not lead from the tree that was cosigned last to this one"
    }
  }

  /// Turns what is thrown into plain text.
  private func plainly(_ body: () async throws -> Response) async throws -> Response {
    do {
      return try await body()
    } catch let error as HTTPParserError {
      throw error
    } catch {
      let problem = Problem(error)
      return WitnessRoutes.text(
        problem.status, Array("\(problem.code.name): \(problem.detail)\n".utf8), fields: problem.fields)
    }
  }

  private static func text(
    _ status: HTTPResponse.Status, _ bytes: [UInt8], type: String = "text/plain; charset=utf-8", fields: HTTPFields
  ) -> Response {
    var fields = fields
    fields[.contentType] = type
    return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
