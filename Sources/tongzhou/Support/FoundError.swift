internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// An error as somebody is told of it who watches: its stable code, what happened, and whether it may pass by itself.
struct FoundError {
  let code: String
  let message: String
  let isPassing: Bool

  init(_ error: any Error) {
    switch error {
    case let error as ClientError:
      code = error.code.name
      message = error.message
      // A place that answers with something else than the interface describes is no silence.
      isPassing = error.code == .unreachable || error.code == .timedOut || (error.status ?? 0) >= 429
    case let error as AuditFailure:
      code = error.code.name
      message = "\(error.place): \(error.message)"
      isPassing = error.code == .missingFile
    case let error as ProofError:
      code = error.code.name
      message = error.message
      // Files of a log that is growing may be replaced by wider ones while they are read.
      isPassing = error.code == .notFound
    case let error as LedgerError:
      code = error.code.name
      message = error.message
      isPassing = false
    default:
      code = "client.bad_answer"
      message = "\(error)"
      isPassing = false
    }
  }
}
