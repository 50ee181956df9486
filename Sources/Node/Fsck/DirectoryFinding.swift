/// One thing that a check of a data directory has found.
public struct DirectoryFinding: Sendable, Encodable, Equatable {
  /// What it is a part of.
  public enum Part: String, Sendable, Encodable {
    /// The log's files.
    case log
    /// What the node must not forget.
    case journal
    /// The state at some heights.
    case snapshots
    /// The search index.
    case search
    /// The private keys.
    case keys
  }

  /// What becomes of it.
  public enum Remedy: String, Sendable, Encodable {
    /// Nothing is wrong: the next start deals with it.
    case start
    /// It follows from the rest, and repairing makes it anew or removes it.
    case repair
    /// It was repaired.
    case repaired
    /// Nothing here can make it again: it comes from a backup or another organisation, or a person looks.
    case person
  }

  /// The chain's name.
  public let chain: String
  /// What it is a part of.
  public let part: Part
  /// The file, relative to the data directory.
  public let path: String
  /// One sentence for people.
  public let problem: String
  /// What becomes of it.
  public var remedy: Remedy

  /// Whether something is still wrong.
  public var isWrong: Bool { remedy == .repair || remedy == .person }
}

/// What a check of a data directory has found.
public struct DirectoryReport: Sendable, Encodable {
  /// One chain of the directory.
  public struct Chain: Sendable, Encodable {
    /// Its name.
    public let name: String
    /// Entries of the log that the checkpoint covers.
    public internal(set) var entries: UInt64 = 0
    /// The last block; 0 before the first, and where the log does not tell.
    public internal(set) var height: UInt64 = 0
    /// Records of the journal.
    public internal(set) var journalRecords = 0
    /// Heights of the good snapshots, newest first.
    public internal(set) var snapshots: [UInt64] = []
    /// How far the search index is.
    public internal(set) var searchHeight: UInt64 = 0
  }

  /// The chains, by name.
  public internal(set) var chains: [Chain] = []
  /// What was found, in the order in which it was looked for.
  public internal(set) var findings: [DirectoryFinding] = []

  /// Whether nothing is wrong, or nothing any more.
  public var isGood: Bool { !findings.contains(where: \.isWrong) }
}
