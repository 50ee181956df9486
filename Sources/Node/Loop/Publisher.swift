internal import Foundation
internal import Ledger
internal import Logging
internal import MutualAid
internal import Storage
internal import Synchronization
internal import TransparencyLog

/// Writes final blocks as the files of the log, and tells those who wait only afterwards.
///
/// On a thread of its own, so that the next block is executed while this one goes to the disk. A full disk holds
/// up everything until there is room again: nothing is acknowledged that could be lost.
final class Publisher: @unchecked Sendable {
  // Unchecked: `writer` is only touched by the publisher's own thread.
  typealias Done = @Sendable ([Publication], _ checkpoint: [UInt8]) -> Void

  /// Blocks between the loop and the disk.
  static let depth = 4
  /// Seconds without a block after which there is time to tidy up.
  private static let idle = 1.0

  private let queue: BoundedQueue<Publication>
  private let origin: String
  private let resume: @Sendable () throws -> LogWriter
  private let done: Done
  private let logger: Logger
  private let isStopping = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)
  private var writer: LogWriter

  /// - Parameters:
  ///   - resume: opens the log's files anew after a failed write.
  ///   - done: called when the files of some blocks and the checkpoint on the last of them are on the disk.
  init(
    origin: String, queue: BoundedQueue<Publication>, writer: LogWriter,
    resume: @escaping @Sendable () throws -> LogWriter, logger: Logger,
    done: @escaping Done
  ) {
    self.origin = origin
    self.queue = queue
    self.writer = writer
    self.resume = resume
    self.done = done
    self.logger = logger
  }

  /// Starts the thread.
  func start() {
    let thread = Thread { [self] in
      while true {
        // Blocks that came while the disk was busy share the files of their right edge, one checkpoint and its syncs.
        guard let publications = queue.takeAll(within: Publisher.idle) else {
          tidy()
          continue
        }
        guard !publications.isEmpty, let checkpoint = write(publications) else { break }
        done(publications, checkpoint)
      }
      tidy()
      ended.signal()
    }
    thread.name = "tongzhou publisher"
    thread.start()
  }

  /// Lets what is in the queue go to the disk, and ends. What a full disk does not take is still in the journal.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    queue.close()
    ended.wait()
  }

  private func tidy() {
    do {
      try writer.tidy()
    } catch {
      // The next block meets the same disk, and waits for it.
      logger.warning("superseded files not removed", metadata: ["error": "\(error)"])
    }
  }

  private func write(_ publications: [Publication]) -> [UInt8]? {
    while true {
      do {
        for publication in publications {
          let block = publication.block.block
          // Those that were written before a write failed are in the resumed log only up to its checkpoint.
          if block.firstIndex < writer.size { continue }
          try writer.append(block.entries, leaves: block.leaves)
          if block.app.endorsers != publication.certifiers {
            try writer.write(policy: block.app.endorsers.policy(origin: origin).text, height: block.seal.height)
          }
        }
        guard let last = publications.last else { return nil }
        let checkpoint = try last.block.checkpoint(origin: origin, endorsers: last.certifiers)
        try writer.publish(checkpoint: checkpoint)
        return checkpoint
      } catch {
        logger.error("block not written; trying again", metadata: ["error": "\(error)"])
        if isStopping.load(ordering: .relaxed) { return nil }
        Thread.sleep(forTimeInterval: 1)
        // The writer may have a part of it: go on from what the checkpoint on the disk covers.
        if let resumed = try? resume() { writer = resumed }
      }
    }
  }
}
