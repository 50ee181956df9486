internal import Configuration
internal import Foundation
internal import Logging
internal import Server
internal import Yams

/// How a node serves, put together from flags, environment, file and defaults; the first that says something counts.
struct ServingSettings: Sendable {
  /// Where the server listens, and its limits.
  var server = ServerApplication.Options()
  /// Whether it speaks TLS with a certificate of its own authority.
  var isSecure = false
  /// Further names and addresses of the server, for its certificate.
  var tlsNames: [String] = []
  /// The least important lines of the log.
  var level = Logger.Level.info
  /// A policy file whose logs this node witnesses; `nil` for none.
  var witnessFor: String?
  /// The name under which it does.
  var witnessName: String?
  /// A policy file whose witnesses are shown this node's checkpoints; `nil` for none.
  var witnesses: String?
  /// A file with the receivers of webhooks; `nil` for none.
  var webhooks: String?
  /// What of inner networks webhooks may reach.
  var webhooksAllow: String?

  /// The most bytes of a file of settings.
  private static let maximumFileBytes = 65_536

  /// - Parameters:
  ///   - flags: what the command line says.
  ///   - environment: variables with the prefix `TONGZHOU_`.
  ///   - file: path of a YAML file.
  /// - Throws: ``SettingsError``.
  init(flags: [Setting: String], environment: [String: String], file: String?) async throws {
    let given = flags.map { (AbsoluteConfigKey([$0.key.rawValue]), ConfigValue(stringLiteral: $0.value)) }
    var providers: [any ConfigProvider] = [
      InMemoryProvider(name: "command line", values: Dictionary(uniqueKeysWithValues: given)),
      EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "tongzhou"),
    ]
    if let file, try ServingSettings.check(file) {
      do {
        let place = InMemoryProvider(values: ["filePath": ConfigValue(stringLiteral: file)])
        providers.append(try await FileProvider<YAMLSnapshot>(config: ConfigReader(provider: place)))
      } catch {
        throw SettingsError(.unreadable, "\(file): \(error)")
      }
    }
    let reader = ConfigReader(providers: providers)
    try read { reader.string(forKey: ConfigKey([$0.rawValue])) }
  }

  /// The defaults.
  init() {}

  private mutating func read(_ value: (Setting) -> String?) throws {
    func number(_ setting: Setting, _ fallback: Int) throws -> Int {
      guard let text = value(setting) else { return fallback }
      guard let range = setting.range else { preconditionFailure("\(setting.rawValue) is no number") }
      guard let number = Int(text), range.contains(number) else {
        throw SettingsError(
          .badValue, "\(setting.rawValue) is a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
    func seconds(_ setting: Setting, _ fallback: Duration) throws -> Duration {
      .seconds(try number(setting, Int(fallback.components.seconds)))
    }
    if let host = value(.host) { server.host = host }
    server.port = try number(.port, server.port)
    server.connections = try number(.connections, server.connections)
    server.idle = try seconds(.idleSeconds, server.idle)
    server.request = try seconds(.requestSeconds, server.request)
    server.stall = try seconds(.stallSeconds, server.stall)
    server.headerBytes = try number(.headerBytes, server.headerBytes)
    server.submissionsPerMinute = try number(.submissionsPerMinute, server.submissionsPerMinute)
    server.eventReaders = try number(.eventReaders, server.eventReaders)
    server.tileCacheBytes = try number(.tileCacheMegabytes, server.tileCacheBytes >> 20) << 20
    if let text = value(.tls) {
      guard let isOn = ["true": true, "false": false][text] else {
        throw SettingsError(.badValue, "tls is true or false")
      }
      isSecure = isOn
    }
    if let text = value(.tlsNames) {
      tlsNames = text.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    }
    if let text = value(.publicAddress) {
      guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme),
        parts.host?.isEmpty == false, parts.user == nil, parts.path.isEmpty, parts.query == nil, parts.fragment == nil,
        text.utf8.count <= 255
      else {
        throw SettingsError(.badValue, "public-address is like https://aid.example, and ends with the host or port")
      }
      server.publicAddress = text
    }
    witnessFor = value(.witnessFor)
    witnessName = value(.witnessName)
    witnesses = value(.witnesses)
    webhooks = value(.webhooks)
    webhooksAllow = value(.webhooksAllow)
    if webhooksAllow != nil, webhooks == nil {
      throw SettingsError(.badValue, "webhooks-allow is for the receivers in the file of webhooks")
    }
    if witnessName != nil, witnessFor == nil {
      throw SettingsError(.badValue, "witness-name is the name under which the logs of witness-for are cosigned")
    }
    if let text = value(.log) {
      guard let level = Logger.Level(rawValue: text) else {
        throw SettingsError(.badValue, "log is trace, debug, info, notice, warning, error or critical")
      }
      self.level = level
    }
  }

  /// Refuses a file with names that nobody would read, and values that are lists or maps.
  ///
  /// - Returns: whether it says anything.
  private static func check(_ file: String) throws -> Bool {
    guard let bytes = FileManager.default.contents(atPath: file), bytes.count <= maximumFileBytes else {
      throw SettingsError(.unreadable, "\(file) is missing, may not be read, or has over \(maximumFileBytes) bytes")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw SettingsError(.unreadable, "\(file) is not YAML")
    }
    guard let mapping = node?.mapping else {
      if node == nil || node?.null == NSNull() { return false }
      throw SettingsError(.unreadable, "\(file) is not a list of names and values")
    }
    for (key, value) in mapping {
      let name = key.scalar?.string ?? ""
      guard Setting(rawValue: name) != nil else {
        let known = Setting.allCases.map(\.rawValue).joined(separator: ", ")
        throw SettingsError(.unknownKey, "\(file): there is no setting \(name); there are \(known)")
      }
      guard value.scalar != nil else { throw SettingsError(.badValue, "\(file): \(name) is one value") }
    }
    return !mapping.isEmpty
  }

  /// A log on standard error.
  func logger() -> Logger { .standardError(level) }
}
