internal import TransparencyLog

/// One thing that is wrong with a log's files.
public struct LogFinding: Sendable, Hashable {
  /// What kind of thing.
  public enum Kind: String, Sendable {
    /// A file that a log of this size has is not there.
    case missing
    /// A file does not hold what it should.
    case damaged
    /// A file that a log of this size does not have.
    case strange
  }

  /// The file, relative to the log's directory.
  public let path: String
  /// What kind of thing is wrong.
  public let kind: Kind
  /// One sentence for people.
  public let detail: String
  /// Whether the file follows from the rest, so that repairing rebuilds it.
  public internal(set) var canRepair = false
  /// Whether a crash leaves such a file behind, and whoever writes to the log next removes it.
  public internal(set) var isLeftover = false
  /// Whether the file was rebuilt, or removed where it was strange.
  public internal(set) var isRepaired = false
}

/// What a check of a log's files has found.
public struct LogReport: Sendable {
  /// The size by the checkpoint; without one, the size that the bundles suggest.
  public internal(set) var size: UInt64 = 0
  /// The files looked at.
  public internal(set) var files = 0
  /// Whether entries and tiles lead to the checkpoint's root. What that root is worth its signatures tell,
  /// which are `audit`'s business.
  public internal(set) var leadsToRoot = false
  /// What is wrong, in the order in which it was found.
  public internal(set) var findings: [LogFinding] = []

  /// Whether nothing is wrong that was not repaired.
  public var isGood: Bool { leadsToRoot && findings.allSatisfy(\.isRepaired) }
}

/// Checks the files of a log that nobody is writing to, and rebuilds what follows from the rest.
///
/// Every bundle, tile, partial file and the checkpoint are compared: bundles with the tiles of level 0, each
/// tile with those below and above it, all of them with the checkpoint's root. A tile is rebuilt from the
/// bundles, and a superseded partial file from its full one, when the whole leads to that root. A lost bundle
/// cannot be rebuilt here: it comes from another organisation or a backup.
public struct LogFsck {
  private let directory: String
  private let disk: any Disk

  /// The log in a directory.
  public init(_ directory: String, disk: some Disk = PosixDisk()) {
    self.directory = directory
    self.disk = disk
  }

  /// Looks at every file.
  ///
  /// - Parameters:
  ///   - repair: whether to rebuild what can be rebuilt.
  ///   - removeStrange: whether to remove files that belong to no log of this size.
  /// - Throws: `storage.input_output` and `storage.disk_full`; what is wrong with the files is in the report.
  public func run(repair: Bool = false, removeStrange: Bool = false) throws(StorageError) -> LogReport {
    var report = LogReport()
    let paths = try disk.files(below: directory)
    report.files = paths.count
    let checkpoint = try checkpoint(&report)
    report.size = checkpoint?.size ?? paths.compactMap(Self.entriesUpTo).max() ?? 0

    var survey = LogSurvey(directory, disk, size: report.size, root: checkpoint?.root)
    try survey.run()
    report.findings += survey.findings
    report.leadsToRoot = survey.root != nil && survey.root == checkpoint?.root
    if let root = checkpoint?.root, let found = survey.root, found != root {
      report.findings.append(
        LogFinding(path: "checkpoint", kind: .damaged, detail: "the entries lead to another root"))
    }
    for place in report.findings.indices where report.leadsToRoot {
      report.findings[place].canRepair = survey.rebuildable.contains(report.findings[place].path)
    }
    if repair, report.leadsToRoot, !survey.rebuildable.isEmpty {
      let rebuilt = try survey.rebuild()
      for place in report.findings.indices where rebuilt.contains(report.findings[place].path) {
        report.findings[place].isRepaired = true
      }
    }
    if checkpoint != nil {
      let bad = Set(report.findings.filter { !$0.isRepaired }.map(\.path))
      let others = LogLeftovers(directory, disk, size: report.size, bad: bad)
      // What does not lead to the root may itself be wrong, so nothing is rebuilt from it.
      let mayRepair = repair && report.leadsToRoot
      for path in paths {
        let finding = try others.look(at: path, repair: mayRepair, removeStrange: removeStrange)
        guard var finding else { continue }
        finding.canRepair = report.leadsToRoot && finding.kind != .strange
        report.findings.append(finding)
      }
    }
    return report
  }

  private func checkpoint(_ report: inout LogReport) throws(StorageError) -> Checkpoint? {
    guard let bytes = try disk.read(directory + "/checkpoint") else {
      report.findings.append(LogFinding(path: "checkpoint", kind: .missing, detail: "there is no checkpoint"))
      return nil
    }
    do {
      return try UnverifiedCheckpoint(bytes).checkpoint
    } catch {
      report.findings.append(LogFinding(path: "checkpoint", kind: .damaged, detail: "\(error)"))
      return nil
    }
  }

  private static func entriesUpTo(_ path: String) -> UInt64? {
    guard let place = LogPlace(path: path), case .bundle = place.kind else { return nil }
    return place.needs
  }
}
