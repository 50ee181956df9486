internal import Storage

/// Where things lie in a data directory; docs/operations.md describes each.
public struct ChainPaths: Sendable {
  /// The data directory.
  public let data: String
  /// The chain's short name.
  public let chain: String

  /// The paths of a chain in a data directory.
  public init(data: String, chain: String) {
    self.data = data
    self.chain = chain
  }

  /// The log's files, exactly as they are served.
  public var log: String { "\(data)/log/\(chain)" }
  /// Entry 0 of a chain that has no block yet.
  public var genesis: String { "\(data)/genesis/\(chain)" }
  /// What the node must not forget before it is published.
  public var journal: String { "\(data)/journal/\(chain)" }
  /// The state at some heights, to start quickly.
  public var snapshots: String { "\(data)/snapshots/\(chain)" }
  /// The search index; may be deleted at any time.
  public var index: String { "\(data)/search/\(chain).sqlite" }
  /// The newest checkpoint that outside witnesses cosigned; may be deleted at any time.
  public var witnessed: String { "\(data)/witnessed/\(chain).checkpoint" }
  /// The private keys of the organisations this node runs, of this chain alone: an organisation has the same name on
  /// several chains, and on each other keys.
  public var keys: String { "\(data)/\(keyFolder)" }
  /// ``keys`` within the data directory. The chain `aid`, the first there was, has them in `keys` itself; every other
  /// in a folder of its name there.
  var keyFolder: String { chain.utf8.elementsEqual("aid".utf8) ? "keys" : "keys/\(chain)" }

  /// The names of the chains a data directory holds, sorted.
  public static func chains(in data: String) throws -> [String] {
    let started = (try? LogDirectory.chains(in: data)) ?? []
    let waiting = (try? LogDirectory(data + "/genesis").files()) ?? []
    return Set(started + waiting).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }
}
