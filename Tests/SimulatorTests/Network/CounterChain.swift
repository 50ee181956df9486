import Ledger
import TransparencyLog

/// A contract just large enough to see whether organisations agree: a sum, a step every so often, and a
/// switch for each organisation.
struct CounterChain: Application {
  static let name = "counter"

  struct Row: FixedLayoutRecord {
    static let byteCount = 16
    var value: UInt64
    var time: UInt64

    init(value: UInt64, time: UInt64) {
      self.value = value
      self.time = time
    }

    init(from bytes: RawSpan) {
      var reader = RecordReader()
      value = reader.uint64(in: bytes)
      time = reader.uint64(in: bytes)
    }

    func encode(into bytes: UnsafeMutableRawBufferPointer) {
      var writer = RecordWriter(bytes)
      writer.integer(value)
      writer.integer(time)
    }
  }

  /// Row 0 is the sum, row 1 the steps, and from row 2 on each organisation's switch.
  private(set) var rows = AuthenticatedTable<Row>(name: "counter", version: 1)
  private(set) var endorsers = EndorserSet([])
  private(set) var nextDue: Timestamp?
  private let organisations: [Endorser]
  private let officers: [Address]
  private let interval: UInt64

  init(genesis: Genesis) throws(LedgerError) {
    let payload = try genesis.payload(of: Self.name)
    interval = payload.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    var organisations: [Endorser] = []
    var officers: [Address] = []
    var rest = payload.dropFirst(8)
    while !rest.isEmpty {
      var keys: [PublicKey] = []
      for _ in 0..<4 {
        keys.append(try PublicKey(Array(rest.prefix(32))))
        rest = rest.dropFirst(32)
      }
      organisations.append(
        Endorser(
          ordinal: UInt32(organisations.count), name: "org\(organisations.count)",
          keys: EndorserKeys(vote: keys[0], cosign: keys[1], log: keys[2])))
      officers.append(keys[3].address)
    }
    self.organisations = organisations
    self.officers = officers
    for _ in 0..<2 { rows.append(Row(value: 0, time: genesis.time.seconds)) }
    for _ in organisations { rows.append(Row(value: 1, time: genesis.time.seconds)) }
    endorsers = EndorserSet(organisations)
    nextDue = interval == 0 ? nil : genesis.time.adding(seconds: interval)
  }

  func currentKey(of account: Address) -> PublicKey? { nil }

  func isOfficer(_ account: Address) -> Bool { officers.contains(account) }

  func admit(_ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError) {
    guard isOfficer(transaction.sender) else { throw LedgerError(.unknownSender, "no officer") }
  }

  mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], at time: Timestamp, outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    let payload = transaction.action.payload
    switch transaction.action.kind {
    case 1:
      let amount = payload.reduce(0) { $0 << 8 | UInt64($1) }
      let (sum, overflow) = self.rows[0].value.addingReportingOverflow(amount)
      guard !overflow else { throw LedgerError(.overflow, "past the end") }
      self.rows[0] = Row(value: sum, time: time.seconds)
    case 2:
      guard payload.count == 2, Int(payload[0]) < organisations.count, payload[1] < 2 else {
        throw LedgerError(.malformed, "not a switch")
      }
      self.rows[2 + Int(payload[0])] = Row(value: UInt64(payload[1]), time: time.seconds)
      endorsers = EndorserSet(organisations.filter { self.rows[2 + Int($0.ordinal)].value == 1 })
    default: throw LedgerError(.unknownAction, "kind \(transaction.action.kind)")
    }
  }

  mutating func runDueStep(at time: Timestamp) -> Bool {
    guard let due = nextDue, due <= time else { return false }
    rows[1] = Row(value: rows[1].value + 1, time: time.seconds)
    nextDue = due.adding(seconds: interval)
    return true
  }

  mutating func stateRoot() -> Hash { StateCommitment([rows.summary()]).root }

  /// What was added so far.
  var sum: UInt64 { rows[0].value }
  /// Steps that ran so far.
  var steps: UInt64 { rows[1].value }
}
