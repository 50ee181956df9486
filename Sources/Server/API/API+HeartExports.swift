internal import Contracts
internal import Exchange
internal import HTTPTypes
internal import HeartChain
internal import Hummingbird
internal import Ledger
internal import NIOCore
internal import Node

extension MoneyBook: StepBook {}

extension API {
  /// A chain's projects in the formats of others who publish what becomes of money.
  func addHeartExports(to v1: RouterGroup<ServerContext>) {
    let books = StepShelf<MoneyBook>()
    v1.get("hearts/exports/iati.xml") { request, _ in
      try export(request, books, type: IATIFile.mediaType) { report, project throws(ExchangeError) in
        try IATIFile(report, project: project).bytes
      }
    }
    v1.get("hearts/exports/360giving.json") { request, _ in
      try export(request, books, type: GrantsFile.mediaType) { report, project throws(ExchangeError) in
        try GrantsFile(report, project: project).bytes
      }
    }
  }

  /// A document about all projects, or about the one that the request names.
  private func export(
    _ request: Request, _ books: StepShelf<MoneyBook>, type: String,
    _ make: (MoneyReport, UInt32?) throws(ExchangeError) -> [UInt8]
  ) throws -> Response {
    let (chain, view) = (try heartChain(request), try heartView(request))
    var project: UInt32?
    if let text = try request.parameter("project") {
      guard let number = Numbers.read(text, as: UInt32.self) else {
        throw Problem.badRequest("project is a whole number from 0 to \(UInt32.max)")
      }
      guard number < view.app.hearts.projects.count else { throw Problem.notFound("no project \(number)") }
      project = number
    }
    let found: (book: MoneyBook, isWhole: Bool)
    do {
      found = try books.book(of: chain.name, chain.index, upTo: view.height)
    } catch let error as ExchangeError {
      // A chain whose money does not fit in the book has no document of one project either.
      throw API.problem(error, isWhole: false)
    }
    guard found.isWhole else {
      throw Problem(.serviceUnavailable, .searchBehind, "the events are still being read", fields: [.retryAfter: "5"])
    }
    let report = MoneyReport(
      chain: view.genesis.chain, hearts: view.app.hearts, consortium: view.app.consortium, book: found.book,
      at: view.time)
    do throws(ExchangeError) {
      let bytes = try make(report, project)
      return Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    } catch {
      throw API.problem(error, isWhole: project == nil)
    }
  }

  /// Too much for one file is an answer of its own: the request was right, and a smaller one will do.
  private static func problem(_ error: ExchangeError, isWhole: Bool) -> Problem {
    let code = Problem.Code(error.code.name)
    switch error.code {
    case .nothing: return Problem(.notFound, code, error.message)
    case .tooLarge:
      let hint = isWhole ? "; ask for one project with ?project=" : ""
      return Problem(.unprocessableContent, code, error.message + hint)
    default: return Problem(.internalServerError, .internalError, "the events do not read")
    }
  }
}
