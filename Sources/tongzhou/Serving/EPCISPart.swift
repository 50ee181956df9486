internal import Ledger
internal import Node
internal import Server
internal import Storage
internal import TransparencyLog

/// The part of a server that captures EPCIS events for the organisations in `DATA/epcis-tokens`.
struct EPCISPart {
  /// For the server's routes.
  let gateway: EPCISGateway

  /// - Parameter data: the data directory.
  /// - Throws: ``SettingsError`` for the file.
  init(data: String) throws {
    gateway = EPCISGateway(
      partners: try EPCISFile.read("\(data)/\(EPCISPart.file)"),
      key: { chain, organisation in
        try KeyDirectory(ChainPaths(data: data, chain: chain).keys).officer(organisation)
      },
      store: { chain in
        try CaptureStore(path: "\(data)/epcis/\(chain).sqlite") {
          var dice = SystemRandomNumberGenerator()
          return .sha256((0..<32).map { _ in UInt8.random(in: 0...255, using: &dice) })
        }
      },
      clock: { Timestamp.wallClockMilliseconds })
  }

  /// The file of tokens in a data directory.
  static let file = "epcis-tokens"
}
