internal import ArgumentParser
internal import Foundation

/// Where a server listens, what it says, and its limits. A flag counts before the environment, the environment before
/// the file of `--config`, and the file before the default.
struct ListeningOptions: ParsableArguments {
  @Option(help: "A YAML file with these settings, named as here without the dashes: port: 8080.")
  var config: String?

  @Option(help: "The port; 0 for any free one. Without it 8080.")
  var port: Int?

  @Option(help: "The address to listen on; 0.0.0.0 for all of this machine's. Without it 127.0.0.1.")
  var host: String?

  @Flag(inversion: .prefixedNo, help: "Speak TLS, with a certificate of an authority that is made in DATA/tls.")
  var tls: Bool?

  @Option(help: "Further names and addresses of this server for its certificate, with commas between.")
  var tlsNames: String?

  @Option(help: "The address under which readers reach this server, like https://aid.example, for QR codes.")
  var publicAddress: String?

  @Option(help: "The least important log lines to show: debug, info, warning, error. Without it info.")
  var log: String?

  @OptionGroup(title: "Limits") var limits: LimitOptions

  @OptionGroup(title: "Witnesses") var witnessing: WitnessOptions

  @OptionGroup(title: "Webhooks") var webhooks: WebhookOptions

  /// What the command line says.
  private var flags: [Setting: String] {
    var flags = limits.flags.merging(witnessing.flags) { limit, _ in limit }
    flags[.webhooks] = webhooks.webhooks
    flags[.webhooksAllow] = webhooks.webhooksAllow
    flags[.port] = port.map { "\($0)" }
    flags[.host] = host
    flags[.tls] = tls.map { "\($0)" }
    flags[.tlsNames] = tlsNames
    flags[.publicAddress] = publicAddress
    flags[.log] = log
    return flags
  }

  /// All settings, from wherever they come.
  ///
  /// - Throws: ``SettingsError``.
  func settings() async throws -> ServingSettings {
    try await ServingSettings(flags: flags, environment: ProcessInfo.processInfo.environment, file: config)
  }
}

/// How much of everything a server takes.
struct LimitOptions: ParsableArguments {
  @Option(help: "Connections at one time (2048).")
  var connections: Int?

  @Option(help: "Seconds that a connection may say nothing (60).")
  var idleSeconds: Int?

  @Option(help: "Seconds that a request may take to arrive (30).")
  var requestSeconds: Int?

  @Option(help: "Seconds that a reader may take nothing of its answer (30).")
  var stallSeconds: Int?

  @Option(help: "Bytes of a request's header (32768).")
  var headerBytes: Int?

  @Option(help: "Transactions from one address in a minute (6000).")
  var submissionsPerMinute: Int?

  @Option(help: "Readers of events at one time (512).")
  var eventReaders: Int?

  @Option(help: "Megabytes of tiles kept in memory (64).")
  var tileCacheMegabytes: Int?

  var flags: [Setting: String] {
    let numbers: [(Setting, Int?)] = [
      (.connections, connections), (.idleSeconds, idleSeconds), (.requestSeconds, requestSeconds),
      (.stallSeconds, stallSeconds), (.headerBytes, headerBytes), (.submissionsPerMinute, submissionsPerMinute),
      (.eventReaders, eventReaders), (.tileCacheMegabytes, tileCacheMegabytes),
    ]
    return Dictionary(uniqueKeysWithValues: numbers.compactMap { name, number in number.map { (name, "\($0)") } })
  }
}

/// Whose logs a server cosigns, and who cosigns its own.
struct WitnessOptions: ParsableArguments {
  @Option(help: "A C2SP policy file; the logs of its log lines are witnessed here, at /witness/.")
  var witnessFor: String?

  @Option(help: "The name of this witness, for the first start with --witness-for; it is a part of its key for ever.")
  var witnessName: String?

  @Option(help: "A C2SP policy file; the witnesses of its witness lines, with their URLs, are shown each checkpoint.")
  var witnesses: String?

  var flags: [Setting: String] {
    let texts: [(Setting, String?)] = [
      (.witnessFor, witnessFor), (.witnessName, witnessName), (.witnesses, witnesses),
    ]
    return Dictionary(uniqueKeysWithValues: texts.compactMap { name, text in text.map { (name, $0) } })
  }
}

/// Who is told what happens on a server's chains.
struct WebhookOptions: ParsableArguments {
  @Option(help: "A YAML file with the receivers of webhooks, readable by its owner alone.")
  var webhooks: String?

  @Option(help: "Hosts, addresses and networks, with commas between, that webhooks may reach though not public.")
  var webhooksAllow: String?
}
