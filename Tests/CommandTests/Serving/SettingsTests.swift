import Foundation
import Logging
import Server
import Testing

@testable import tongzhou

@Suite("Settings of a server, from wherever they come")
struct SettingsTests {
  private func settings(
    flags: [Setting: String] = [:], environment: [String: String] = [:], file: String? = nil
  ) async throws -> ServingSettings {
    guard let file else { return try await ServingSettings(flags: flags, environment: environment, file: nil) }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = try folder.write(file, to: "node.yaml")
    return try await ServingSettings(flags: flags, environment: environment, file: path)
  }

  /// The code that something is refused with.
  private func refusal(
    flags: [Setting: String] = [:], environment: [String: String] = [:], file: String? = nil
  ) async throws -> String {
    do {
      _ = try await settings(flags: flags, environment: environment, file: file)
      return "none"
    } catch let error as SettingsError {
      return error.code.name
    }
  }

  @Test("the command line counts before the environment, that before the file, and that before the default")
  func precedence() async throws {
    let file = "port: 1003\nhost: 10.0.0.3\nconnections: 3\nidle-seconds: 33\nlog: error\ntls: true\n"
    let environment = ["TONGZHOU_PORT": "1002", "TONGZHOU_HOST": "10.0.0.2", "TONGZHOU_IDLE_SECONDS": "22"]
    let all = try await settings(flags: [.port: "1001", .tls: "false"], environment: environment, file: file)
    #expect(all.server.port == 1001 && all.server.host == "10.0.0.2" && all.server.connections == 3)
    #expect(all.server.idle == .seconds(22) && all.level == .error && !all.isSecure)
    let two = try await settings(environment: environment, file: file)
    #expect(two.server.port == 1002 && two.isSecure)
    let one = try await settings(file: file)
    #expect(one.server.port == 1003 && one.server.host == "10.0.0.3" && one.server.idle == .seconds(33))
    let none = try await settings()
    #expect(none.server.port == 8080 && none.server.host == "127.0.0.1" && none.level == .info && !none.isSecure)
    #expect(none.server.request == .seconds(30) && none.server.submissionsPerMinute == 6000)
    #expect(try await settings(file: "").server.port == 8080)
    #expect(try await settings(file: "# nothing yet\n").server.port == 8080)
  }

  @Test("every setting can be set in each of the three ways")
  func everySetting() async throws {
    let values: [Setting: String] = [
      .host: "::1", .port: "0", .tls: "true", .tlsNames: "a.example, 10.0.0.1", .log: "debug", .connections: "7",
      .idleSeconds: "8", .requestSeconds: "9", .stallSeconds: "10", .headerBytes: "2048",
      .submissionsPerMinute: "11", .eventReaders: "12", .tileCacheMegabytes: "13", .witnessFor: "logs",
      .witnessName: "w.example/one", .witnesses: "others", .publicAddress: "https://aid.example:8443",
      .webhooks: "receivers", .webhooksAllow: "10.0.0.0/8",
    ]
    #expect(Set(values.keys) == Set(Setting.allCases))
    let file = values.map { "\($0.key.rawValue): \"\($0.value)\"\n" }.joined()
    let environment = Dictionary(
      uniqueKeysWithValues: values.map {
        ("TONGZHOU_" + $0.key.rawValue.uppercased().replacing("-", with: "_"), $0.value)
      })
    for settings in [
      try await settings(flags: values), try await settings(environment: environment), try await settings(file: file),
    ] {
      let server = settings.server
      #expect(server.host == "::1" && server.port == 0 && server.connections == 7 && server.headerBytes == 2048)
      #expect(server.idle == .seconds(8) && server.request == .seconds(9) && server.stall == .seconds(10))
      #expect(server.submissionsPerMinute == 11 && server.eventReaders == 12 && server.tileCacheBytes == 13 << 20)
      #expect(settings.witnessFor == "logs" && settings.witnessName == "w.example/one")
      #expect(settings.witnesses == "others" && server.publicAddress == "https://aid.example:8443")
      #expect(settings.webhooks == "receivers" && settings.webhooksAllow == "10.0.0.0/8")
      #expect(settings.isSecure && settings.tlsNames == ["a.example", "10.0.0.1"] && settings.level == .debug)
    }
  }

  @Test("what cannot be meant is refused and named")
  func refusals() async throws {
    #expect(try await refusal(flags: [.port: "65536"]) == "settings.bad_value")
    #expect(try await refusal(environment: ["TONGZHOU_PORT": "eighty"]) == "settings.bad_value")
    #expect(try await refusal(environment: ["TONGZHOU_PORT": ""]) == "settings.bad_value")
    #expect(try await refusal(file: "connections: 0") == "settings.bad_value")
    #expect(try await refusal(file: "connections: 1.5") == "settings.bad_value")
    #expect(try await refusal(file: "tls: perhaps") == "settings.bad_value")
    for address in ["aid.example", "https://aid.example/", "https://me@aid.example", "ftp://aid.example", "https://"] {
      #expect(try await refusal(flags: [.publicAddress: address]) == "settings.bad_value", "\(address)")
    }
    #expect(try await refusal(file: "log: loud") == "settings.bad_value")
    #expect(try await refusal(file: "witness-name: w.example/one") == "settings.bad_value")
    #expect(try await refusal(file: "webhooks-allow: localhost") == "settings.bad_value")
    #expect(try await refusal(file: "port: [1, 2]") == "settings.bad_value")
    #expect(try await refusal(file: "prot: 80") == "settings.unknown_key")
    #expect(try await refusal(file: "limits:\n  port: 80") == "settings.unknown_key")
    #expect(try await refusal(file: "- port") == "settings.unreadable")
    #expect(try await refusal(file: "port: {") == "settings.unreadable")
    #expect(try await refusal(file: String(repeating: "# much\n", count: 20_000)) == "settings.unreadable")
    await #expect(throws: SettingsError.self) {
      try await ServingSettings(flags: [:], environment: [:], file: "/nowhere/node.yaml")
    }
    // Somebody else's variables are none of our business.
    #expect(try await settings(environment: ["TONGZHOU_KILL_ROUNDS": "x", "PORT": "x"]).server.port == 8080)
  }

  @Test("help names every setting as a flag")
  func help() throws {
    let text = try Program.tongzhou.run("node", "run", "--help").text
    for setting in Setting.allCases { #expect(text.contains("--\(setting.rawValue)"), "\(setting.rawValue)") }
    #expect(text.contains("--config") && text.contains("TONGZHOU_IDLE_SECONDS"))
  }
}
