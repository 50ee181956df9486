internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// A limit on what one address may hand in or ask for: so many in each window, told in RateLimit fields.
final class RateLimit: Sendable {
  /// Addresses remembered at once; beyond this all unknown ones share one place.
  private static let maximumAddresses = 10_000

  private struct State {
    var window: UInt64 = 0
    var used: [String: Int] = [:]
  }

  private let name: String
  private let quota: Int
  private let windowSeconds: UInt64
  private let clock: @Sendable () -> UInt64
  private let state = Mutex(State())

  /// - Parameters:
  ///   - name: what RateLimit fields call it.
  ///   - quota: how many in each window.
  ///   - clock: seconds since 1970.
  init(_ name: String, quota: Int, windowSeconds: UInt64, clock: @escaping @Sendable () -> UInt64) {
    self.name = name
    self.quota = quota
    self.windowSeconds = windowSeconds
    self.clock = clock
  }

  /// Counts one request of an address.
  ///
  /// - Returns: the fields to answer with.
  /// - Throws: 429 `http.too_many_requests` with Retry-After once the quota is used up.
  func count(_ context: ServerContext) throws -> HTTPFields {
    let now = clock()
    let window = now / windowSeconds
    let address = context.remoteAddress?.ipAddress ?? "local"
    let used = state.withLock { state -> Int in
      if state.window != window {
        state.window = window
        state.used = [:]
      }
      let place = state.used[address] != nil || state.used.count < RateLimit.maximumAddresses ? address : "others"
      state.used[place, default: 0] += 1
      return state.used[place, default: 0]
    }
    let left = (window + 1) * windowSeconds - now
    var fields: HTTPFields = [:]
    fields[.rateLimitPolicy] = "\"\(name)\";q=\(quota);w=\(windowSeconds)"
    fields[.rateLimit] = "\"\(name)\";r=\(max(0, quota - used));t=\(left)"
    guard used <= quota else {
      fields[.retryAfter] = String(left)
      throw Problem(
        .tooManyRequests, .tooManyRequests, "\(quota) in \(windowSeconds) seconds from one address",
        fields: fields)
    }
    return fields
  }
}
