import HeartChain
import Ledger
import MutualAid
import TransparencyLog

@testable import TongzhouClient

/// A proof file before a mutator had it, with what its verifier has pinned and asks.
struct MutatedFile {
  /// What it is, for reports.
  let name: String
  let bytes: [UInt8]
  /// The pinned chain's id.
  let chain: Hash
  /// The pinned policy as text.
  let policy: [UInt8]
  /// Of a state proof and an absence: what was asked for.
  var table: String?
  var ordinal: UInt64?
  var key: Hash?
  /// Whether it is signed anew after each mutation, so that it may be accepted with another meaning: then verifiers
  /// only have to agree.
  var isSigned = false
}

/// What a verifier says of a file: a code, or `valid` and what it proves.
struct Judgement: Equatable {
  static let valid = "valid"
  /// The file holds and says something else than the one it was made of.
  static let other = "valid, but of another meaning"
  /// The policy is none.
  static let noPolicy = "no policy"

  var verdict: String
  /// What the file says in any case.
  var meaning: [String] = []
  /// What it may say besides, and need not.
  var besides: Set<String> = []

  /// The verdict, where the file was made of another that says this.
  func verdict(of original: Judgement) -> String {
    guard verdict == Judgement.valid, original.verdict == Judgement.valid else { return verdict }
    return meaning == original.meaning && besides.isSubset(of: original.besides) ? verdict : Judgement.other
  }
}

extension MutatedFile {
  /// What the verifier of `TongzhouClient` says of bytes in the place of the file's own.
  func judge(_ bytes: [UInt8]) -> Judgement {
    guard let policy = try? Policy(text: policy) else { return Judgement(verdict: Judgement.noPolicy) }
    do throws(ProofError) {
      return try judged(bytes, policy)
    } catch {
      return Judgement(verdict: error.code.name)
    }
  }

  private func judged(_ bytes: [UInt8], _ policy: Policy) throws(ProofError) -> Judgement {
    let content = try ProofContent(bytes, limit: MemberStatement.maximumByteCount)
    func said(_ seal: Seal, _ words: [String], _ besides: Set<String> = []) -> Judgement {
      Judgement(verdict: Judgement.valid, meaning: [content.format, "\(seal.entry)"] + words, besides: besides)
    }
    switch content.format {
    case Receipt.format:
      let receipt = try content.read(as: Receipt.self)
      let (transaction, seal) = try receipt.verify(chain: chain, policy: policy)
      return said(seal, ["\(receipt.index)", "\(transaction.hash)", "\(transaction.sender)"])
    case MemberStatement.format:
      let statement = try content.read(as: MemberStatement.self)
      let proven = try statement.verify(chain: chain, policy: policy)
      var besides = Set(
        proven.cases.flatMap { opened in opened.cases.map { "\(opened.settlement.number) \($0.canonicalBytes)" } })
      if let (reserve, owed) = proven.reserve { besides.insert("\(reserve.canonicalBytes) \(owed)") }
      return said(
        proven.seal,
        [
          "\(statement.membership.ordinal) \(proven.membership.canonicalBytes)",
          "\(statement.plan.ordinal) \(proven.plan.canonicalBytes)", "\(proven.changes.map(\.canonicalBytes))",
          "\(proven.shares.map { ($0.settlement.canonicalBytes, $0.given, $0.balance) })", "\(proven.balance)",
        ], besides)
    case Absence.format:
      let absence = try content.read(as: Absence.self)
      let proven = try absence.verify(chain: chain, policy: policy)
      guard proven.table.rawValue == table, proven.key == key else {
        throw ProofError(.notIncluded, "not what was asked for")
      }
      return said(proven.seal, [proven.table.rawValue, "\(proven.key)"])
    case ProvenWay.format:
      let way = try content.read(as: ProvenWay.self)
      let proven = try way.verify(chain: chain, policy: policy)
      // In which order steps of one block came that do not build on each other, and the numbers of lots that no row
      // names, a way does not say.
      let steps = proven.steps.map { "\($0.step.event) \($0.step.time.seconds) \($0.step.row)" }.sorted()
      return said(
        proven.seal,
        [
          "\(proven.lot) \(proven.record.canonicalBytes)", "\(steps)",
          "\(proven.reversal.map { "\($0.reason) \($0.time)" } ?? "")",
        ], Set(proven.gift.map { ["\($0.ordinal) \($0.record.canonicalBytes)"] } ?? []))
    default:
      let state = try content.read(as: ProvenState.self)
      let seal = try state.verify(chain: chain, policy: policy)
      guard state.table.name == table, state.record.ordinal == ordinal else {
        throw ProofError(.notIncluded, "not what was asked for")
      }
      return said(
        seal, [state.table.name, "\(state.record.ordinal) of \(state.table.count)", "\(Array(state.record.record))"])
    }
  }
}
