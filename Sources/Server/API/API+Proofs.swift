internal import Contracts
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
      return try JSONResponse.file(
        ProvenState(
          table: proof, record: record, chain: view.genesis.chain,
          seal: proofs.make(on: chain(request), as: view) { try $0.lastSeal() }))
    }
    v1.get("absence/{table}/{key}") { request, context in
      let view = try view(request)
      guard let table = context.parameters.get("table").flatMap({ Absence.Table(rawValue: $0) }) else {
        let names = Absence.Table.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem.notFound("no table of that name has keys that could be absent: \(names)")
      }
      guard let key = context.parameters.get("key").flatMap({ Hash(hexadecimal: $0) }), key != .zero else {
        throw Problem.badRequest("a key is 64 hexadecimal digits, not all zero")
      }
      let seal = try proofs.make(on: chain(request), as: view) { try $0.lastSeal() }
      do {
        let proof = try Absence(of: key, in: table, state: view.app, chain: view.genesis.chain, seal: seal)
        return try JSONResponse.file(proof)
      } catch let error as ProofError where error.code == .notFound {
        throw Problem.notFound("the key is in the table")
      }
    }
  }
}
