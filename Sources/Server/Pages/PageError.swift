internal import HTTPTypes

/// Why a page cannot be shown.
enum PageError: Error, Equatable {
  /// Nothing stands at this address.
  case notFound
  /// A number or hash in the address does not read.
  case badRequest
  /// The node still replays its log.
  case notReady
  /// The search index has not come to this block yet.
  case lagging(height: UInt64, newest: UInt64)
  /// A method that pages do not have.
  case method
  /// Whatever nobody foresaw.
  case failed

  /// The HTTP status.
  var status: HTTPResponse.Status {
    switch self {
    case .notFound: .notFound
    case .badRequest: .badRequest
    case .notReady, .lagging: .serviceUnavailable
    case .method: .methodNotAllowed
    case .failed: .internalServerError
    }
  }

  /// The error that a status of the rest of the server stands for.
  init(status: HTTPResponse.Status) {
    switch status.code {
    case 404: self = .notFound
    case 405: self = .method
    case 503: self = .notReady
    case 400..<500: self = .badRequest
    default: self = .failed
    }
  }
}
