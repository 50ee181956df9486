public import Consortium
public import HeartChain
public import Ledger
internal import MutualAid
internal import TransparencyLog

/// What a chain starts from, written by its founders as YAML: the organisations and, of a chain of hearts, the kinds of
/// gifts and the formula.
///
/// An organisation gives its public keys, so that its private ones never leave it; or it leaves them out, and whoever
/// founds makes them. `Conventions/hearts-founding.yaml` explains the layout.
public struct FoundingFile: Sendable {
  /// The version of the layout that the program reads.
  public static let format: UInt32 = 1

  /// An organisation as the file names it.
  public struct Organisation: Sendable {
    /// Its name on the chain.
    public let name: String
    /// What it may do.
    public let roles: Role
    /// Whether it endorses.
    public let endorses: Bool
    /// Its endorsing keys, where it gave them.
    public let keys: EndorserKeys?
    /// The keys of its officers, where it gave them.
    public let officers: [PublicKey]
    let line: Int?
  }

  /// The chain's short name.
  public let chain: String
  /// The log's origin.
  public let origin: String
  /// The chain's limits.
  public let limits: Limits
  /// The organisations, by ordinal.
  public let organisations: [Organisation]
  /// The kinds of gifts, by ordinal; empty for a chain of mutual aid.
  public let kinds: [HeartRulesFile.Kind]
  /// The formula; `nil` for the one that holds where nothing else is said.
  public let formula: FormulaRecord?
  private let file: WrittenFile

  /// Reads the file at a path.
  public init(path: String) throws(WrittenFileError) {
    try self.init(text: WrittenFile(.hearts, path).text(), file: path)
  }

  /// Reads the text of a file; `file` only names it in errors.
  public init(text: String, file: String) throws(WrittenFileError) {
    let written = WrittenFile(.hearts, file)
    let map = try written.yaml(text).map([
      "format", "chain", "origin", "heartbeat", "organisations", "kinds", "formula",
    ])
    let format = try map.required("format")
    try format.hold(format.number() == FoundingFile.format, "this program reads format \(FoundingFile.format)")
    let chain = try map.required("chain")
    self.chain = try chain.text()
    try chain.hold(NodeClient.isName(self.chain), "a name of letters, digits, `-`, `_`, `.` and `/`")
    origin = try map.required("origin").text()
    var limits = Limits()
    if let beat = map.optional("heartbeat") {
      limits.heartbeatSeconds = try beat.number(units: ["seconds", "second"], isUnitNeeded: true)
      try beat.hold(limits.heartbeatSeconds > 0, "at least one second")
    }
    self.limits = limits
    organisations = try FoundingFile.organisations(try map.required("organisations"))
    kinds =
      try map.optional("kinds").map { value throws(WrittenFileError) in try HeartRulesFile.kinds(value) } ?? []
    if let formula = map.optional("formula") {
      try formula.hold(!kinds.isEmpty, "a chain without kinds of gifts has no formula")
      self.formula = try HeartRulesFile.formula(formula)
    } else {
      formula = nil
    }
    self.file = written
  }

  private static func organisations(_ value: YAMLValue) throws(WrittenFileError) -> [Organisation] {
    var organisations: [Organisation] = []
    for (name, value) in try value.fields() {
      let map = try value.map(["roles", "endorses", "vote", "cosign", "log", "officers"])
      var roles: Role = []
      for role in try map.required("roles").list() {
        roles.insert(try role.choice(Role.names.map { (word: $0.1, value: $0.0) }))
      }
      let endorses = try map.optional("endorses")?.isYes() ?? false
      let given = ["vote", "cosign", "log"].filter { map.optional($0) != nil }
      try value.hold(given.isEmpty || (endorses && given.count == 3), "who endorses gives all three keys, or none")
      let keys =
        given.isEmpty
        ? nil
        : EndorserKeys(
          vote: try map.required("vote").publicKey(), cosign: try map.required("cosign").publicKey(),
          log: try map.required("log").publicKey())
      var officers: [PublicKey] = []
      for officer in try map.optional("officers")?.list() ?? [] { officers.append(try officer.publicKey()) }
      organisations.append(
        Organisation(
          name: name, roles: roles, endorses: endorses, keys: keys, officers: officers, line: value.line))
    }
    try value.hold(organisations.contains { $0.endorses }, "at least one organisation endorses")
    return organisations
  }

  /// The genesis, once everybody has keys; the contracts judge it.
  ///
  /// - Parameters:
  ///   - keys: the endorsing keys of an organisation that gave none.
  ///   - officers: the officers of an organisation that named none.
  ///   - time: the block time before the first block.
  /// - Throws: `heart_file.rule` where no chain can start from it, and what the two closures throw.
  public func genesis(
    at time: Timestamp, keys: (String) throws -> EndorserKeys, officers: (String) throws -> [PublicKey]
  ) throws -> Genesis {
    let founding = try organisations.map { organisation in
      Consortium.FoundingOrganisation(
        name: organisation.name, roles: organisation.roles,
        keys: organisation.endorses ? try organisation.keys ?? keys(organisation.name) : nil,
        officers: organisation.officers.isEmpty ? try officers(organisation.name) : organisation.officers)
    }
    do throws(LedgerError) {
      let own: (name: String, payload: [UInt8]) =
        kinds.isEmpty
        ? (MutualAid.name, [])
        : (Hearts.name, try Hearts.genesisPayload(kinds: kinds.map(\.record), formula: formula))
      let genesis = try Genesis(
        name: chain, origin: origin, time: time, limits: limits,
        contracts: [(Consortium.name, try Consortium.genesisPayload(founding)), own])
      // What the file's own rules let pass, the contracts look at once more.
      _ = kinds.isEmpty ? nil : try HeartChain(genesis: genesis)
      _ = kinds.isEmpty ? try AidChain(genesis: genesis) : nil
      return genesis
    } catch {
      throw file.failure(.rule, error.message)
    }
  }
}

extension YAMLValue {
  /// A public key: 64 hexadecimal digits.
  fileprivate func publicKey() throws(WrittenFileError) -> PublicKey {
    guard let hash = Hash(hexadecimal: try text()), let key = try? PublicKey(hash.bytes) else {
      throw failure(.badValue, "a public key of 64 hexadecimal digits is expected")
    }
    return key
  }
}
