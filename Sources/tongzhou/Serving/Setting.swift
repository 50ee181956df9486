/// What can be set about serving, under one name: `--idle-seconds` on the command line, `TONGZHOU_IDLE_SECONDS` in the
/// environment, `idle-seconds:` in a file.
enum Setting: String, CaseIterable {
  case host
  case port
  case tls
  case tlsNames = "tls-names"
  case publicAddress = "public-address"
  case log
  case connections
  case idleSeconds = "idle-seconds"
  case requestSeconds = "request-seconds"
  case stallSeconds = "stall-seconds"
  case headerBytes = "header-bytes"
  case submissionsPerMinute = "submissions-per-minute"
  case eventReaders = "event-readers"
  case tileCacheMegabytes = "tile-cache-megabytes"
  case witnessFor = "witness-for"
  case witnessName = "witness-name"
  case witnesses
  case webhooks
  case webhooksAllow = "webhooks-allow"

  /// The numbers that a setting may have; `nil` where it is no number.
  var range: ClosedRange<Int>? {
    switch self {
    case .host, .tls, .tlsNames, .publicAddress, .log, .witnessFor, .witnessName, .witnesses, .webhooks,
      .webhooksAllow:
      nil
    case .port: 0...65_535
    case .connections: 1...1_000_000
    case .idleSeconds, .requestSeconds, .stallSeconds: 1...86_400
    case .headerBytes: 1024...1_048_576
    case .submissionsPerMinute: 1...1_000_000_000
    case .eventReaders: 0...1_000_000
    case .tileCacheMegabytes: 0...1_048_576
    }
  }
}

/// Why a setting cannot be used.
struct SettingsError: Error, CustomStringConvertible {
  /// A stable name for the reason.
  struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    let name: String

    /// A code of the given name.
    init(_ name: String) { self.name = name }

    /// The file is missing, may not be read, or is no YAML of names and values.
    static let unreadable = Code("settings.unreadable")
    /// A name that no setting has.
    static let unknownKey = Code("settings.unknown_key")
    /// A value that does not read as what it should be.
    static let badValue = Code("settings.bad_value")
  }

  let code: Code
  let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message.
  var description: String { "\(code.name): \(message)" }
}
