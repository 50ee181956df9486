internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import NIOCore
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

extension API {
  /// The most bytes of a submission: a batch's worth of rows in base64.
  static let maximumSubmission = 1 << 20

  /// Transactions, their receipts, and blocks.
  func addTransactions(to v1: RouterGroup<ServerContext>) {
    v1.post("transactions") { request, context in try await submit(request, context) }
    v1.get("transactions") { request, _ in try list(request) }
    v1.get("transactions/{transaction}") { request, context in
      try JSONResponse.make(TransactionModel(find(request, context)))
    }
    v1.get("receipts/{transaction}") { request, context in try receipt(request, context) }
    v1.get("blocks") { request, _ in
      let query = try ListQuery(request)
      let blocks = try index(request).blocks(before: query.cursor, limit: query.limit)
      return try ItemPage(
        items: blocks.map(BlockModel.init),
        next: blocks.last.flatMap { $0.height > 1 ? String($0.height) : nil }
      ).response(request)
    }
    v1.get("blocks/{height}") { request, context in
      guard let height = context.parameters.get("height").flatMap({ Numbers.read($0, as: UInt64.self) }) else {
        throw Problem.badRequest("height is a whole number from 1")
      }
      guard let block = try index(request).block(height: height) else {
        throw Problem.notFound("no block \(height)")
      }
      return try JSONResponse.make(BlockModel(block))
    }
  }

  private func list(_ request: Request) throws -> Response {
    let query = try ListQuery(request)
    var sender: Address?
    if let text = try request.parameter("sender") {
      guard let address = try? Address(text: text) else {
        throw Problem.badRequest("sender is an address: tz1…")
      }
      sender = address
    }
    var subject: IndexedSubject?
    for (name, kind) in [("plan", SubjectKind.plan), ("membership", .membership), ("case", .case)] {
      if let ordinal = try API.filter(name, request) {
        subject = IndexedSubject(kind: kind, ordinal: UInt64(ordinal))
      }
    }
    let index = try index(request)
    let part = try ListPart(upTo: query.limit) {
      try index.transactions(before: query.cursor, limit: $0, sender: sender, subject: subject)
    }
    return try ItemPage(
      items: part.shown.map(TransactionModel.init), next: part.last.map { String($0.index) }
    ).response(request)
  }

  /// A transaction by its hash or its index in the log.
  private func find(_ request: Request, _ context: ServerContext, dropping suffix: String = "") throws
    -> IndexedTransaction
  {
    var text = context.parameters.get("transaction") ?? ""
    if !suffix.isEmpty, text.hasSuffix(suffix) { text = String(text.dropLast(suffix.count)) }
    let index = try index(request)
    let found: IndexedTransaction?
    if let hash = Hash(hexadecimal: text) {
      found = try index.transaction(hash: hash)
    } else if text.utf8.count < 20, let number = Numbers.read(text, as: UInt64.self) {
      found = try index.transaction(index: number)
    } else {
      throw Problem.badRequest("a transaction is named by its hash, 64 hexadecimal digits, or its index in the log")
    }
    guard let found else { throw Problem.notFound("no such transaction in the first \(try index.height) blocks") }
    return found
  }

  private func receipt(_ request: Request, _ context: ServerContext) throws -> Response {
    let suffix = ".tlog-proof"
    let isBare = context.parameters.get("transaction")?.hasSuffix(suffix) ?? false
    let transaction = try find(request, context, dropping: suffix)
    let receipt = try proofs.make(on: chain(request), as: view(request)) {
      try $0.receipt(of: transaction.index, isWhole: isBare)
    }
    let body = isBare ? try receipt.tlogProof() : try receipt.json()
    return Response(
      status: .ok, headers: [.contentType: isBare ? "text/plain; charset=utf-8" : Receipt.mediaType],
      body: .init(byteBuffer: ByteBuffer(bytes: body)))
  }

  private func submit(_ request: Request, _ context: ServerContext) async throws -> Response {
    let fields = try limit.count(context)
    let chain = try chain(request)
    let body = try await request.bytes(upTo: API.maximumSubmission, within: patience)
    let type = request.headers[.contentType] ?? ""
    let key = request.headers[.idempotencyKey]
    let name = Hash.sha256(Array("\(chain.name)\n\(type)\n".utf8) + body)
    if let key, var known = try answers.answer(key, request: name) {
      for field in fields { known.headers[field.name] = field.value }
      return known
    }

    let entries = try API.entries(body, type: type)
    let placement = try await chain.submit(entries)
    guard let view = chain.view else { throw NodeError(.notReady, "the chain has no block yet") }
    let response = try JSONResponse.make(
      SubmissionModel(
        placement, hash: .sha256(Array(entries[0].dropFirst())),
        receipt: proofs.make(on: chain, as: view) { try $0.receipt(of: placement.index) }),
      status: .created, fields: fields)
    if let key { answers.keep(response, for: key, request: name) }
    return response
  }

  /// The entries of a submission: an envelope as protobuf, or JSON with the envelope and the rows in base64.
  private static func entries(_ body: [UInt8], type: String) throws -> [[UInt8]] {
    let media = type.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() } ?? ""
    switch media {
    case "application/protobuf", "application/x-protobuf", "application/octet-stream":
      return [Entry.make(.transaction, body)]
    case "application/json":
      guard let submission = SubmissionDocument(json: body) else {
        throw Problem.badRequest("the body is {\"envelope\": base64, \"rows\": [base64, …]}")
      }
      return try submission.entries()
    default:
      throw Problem(
        .unsupportedMediaType, .unsupportedMediaType, "send application/protobuf or application/json")
    }
  }
}

/// A transaction as the search index knows it.
struct TransactionModel: Encodable {
  let index: UInt64
  let hash: String
  let height: UInt64
  let time: UInt64
  let sender: String
  let contract: String
  let kind: UInt32
  let code: String
  let rows: UInt32

  init(_ transaction: IndexedTransaction) {
    index = transaction.index
    hash = transaction.hash.description
    height = transaction.height
    time = transaction.time.seconds
    sender = transaction.sender.description
    contract = transaction.contract
    kind = transaction.kind
    code = transaction.codeName
    rows = transaction.rows
  }
}

/// A block.
struct BlockModel: Encodable {
  let height, time, firstIndex, entries, seal: UInt64
  let proposer: UInt32
  let transactions, failed: Int

  init(_ block: IndexedBlockSummary) {
    height = block.height
    time = block.time.seconds
    firstIndex = block.firstIndex
    entries = block.size
    seal = block.sealIndex
    proposer = block.proposer
    transactions = Int(block.transactions)
    failed = Int(block.failed)
  }
}

/// What became of a submission, with its receipt.
struct SubmissionModel: Encodable {
  let transaction: String
  let index, height: UInt64
  let code: String
  let rows: [String]
  let receipt: Receipt

  init(_ placement: Placement, hash: Hash, receipt: Receipt) {
    transaction = hash.description
    index = placement.index
    height = placement.height
    code = placement.code.name
    rows = placement.rows.map(\.name)
    self.receipt = receipt
  }
}
