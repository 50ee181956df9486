internal import Foundation
internal import Hummingbird
internal import Ledger
internal import MutualAid
internal import Node
internal import TongzhouClient
internal import TransparencyLog

extension API {
  /// State proofs: any record of any table under the state root of the last seal.
  func addProofs(to v1: RouterGroup<ServerContext>) {
    v1.get("proofs/{table}/{ordinal}") { request, context in
      let view = try view(request)
      let table = context.parameters.get("table") ?? ""
      guard let ordinal = context.parameters.get("ordinal").flatMap({ Numbers.read($0, as: UInt32.self) }) else {
        throw Problem.badRequest("ordinal is a whole number from 0 to \(UInt32.max)")
      }
      var app = view.app
      guard let proof = app.commitment().proof(ofTable: table) else { throw Problem.notFound("no table of that name") }
      guard let record = view.app.recordProof(table: table, ordinal: Int(ordinal)) else {
        throw Problem.notFound("no record \(ordinal) in this table")
      }
      return try JSONResponse.make(
        StateProofModel(
          chain: view.genesis.chain, table: proof, record: record,
          seal: SealProof(last: ViewSource(view, log: chain(request).log))))
    }
  }
}

/// A record of the state with everything that proves it, down to the signed checkpoint.
struct StateProofModel: Encodable {
  let format = "tongzhou-state-proof/v1"
  let chain: String
  let table: MemberStatement.ProvenTable
  let record: MemberStatement.ProvenRecord
  let seal: SealProof

  private enum CodingKeys: String, CodingKey { case format, chain, table, record, seal }

  init(chain: Hash, table: TableProof, record: RecordProof, seal: SealProof) {
    self.chain = chain.description
    self.table = MemberStatement.ProvenTable(table)
    self.record = MemberStatement.ProvenRecord(record)
    self.seal = seal
  }
}
