public import Storage
public import TongzhouClient

/// The files of a log as they were for one published view: what proofs about that view are built from.
///
/// The log may have grown since, and partial files that the view's checkpoint needs may have given way to full
/// ones; of those the view sees as much as there was.
public struct ViewSource: LogSource {
  // The checkpoint alone: who keeps this does not keep the view's state.
  private let checkpoint: [UInt8]
  private let log: LogDirectory

  /// The log's files as of a view.
  public init(_ view: PublishedView, log: LogDirectory) {
    checkpoint = view.checkpoint
    self.log = log
  }

  /// One file; `nil` if there is none.
  public func read(_ path: String) throws -> [UInt8]? {
    if path == "checkpoint" { return checkpoint }
    if let bytes = try log.read(path) { return bytes }
    if let partial = PartialFile(path: path), let full = try log.read(partial.fullPath) {
      return try partial.cut(from: full)
    }
    return nil
  }

  /// A view does not list its files: the directory may hold later ones.
  public func files() throws -> [String]? { nil }
}
