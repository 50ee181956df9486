internal import Contracts
internal import Foundation
internal import Ledger
internal import MutualAid
internal import Storage
internal import Synchronization
internal import TongzhouClient
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

  private let queue: BoundedQueue<Publication>
  private let origin: String
  private let resume: @Sendable () throws -> LogWriter
  private let done: Done
  private let patience: DiskPatience
  private let isStopping = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)
  private var writer: LogWriter

  /// - Parameters:
  ///   - resume: opens the log's files anew after a failed write.
  ///   - patience: what to do before that.
  ///   - done: called when the files of some blocks and the checkpoint on the last of them are on the disk.
  init(
    origin: String, queue: BoundedQueue<Publication>, writer: LogWriter,
    resume: @escaping @Sendable () throws -> LogWriter, patience: DiskPatience,
    done: @escaping Done
  ) {
    self.origin = origin
    self.queue = queue
    self.writer = writer
    self.resume = resume
    self.patience = patience
    self.done = done
  }

  /// Starts the thread.
  func start() {
    let thread = Thread { [self] in
      var publishedAt: ContinuousClock.Instant?
      while true {
        // Blocks that came while the disk was busy share the files of their right edge, one checkpoint and its syncs.
        var publications = queue.takeAll()
        guard !publications.isEmpty else { break }
        if let publishedAt, waitForMore(than: publications, since: publishedAt) { publications += queue.takeAtOnce() }
        guard let checkpoint = write(publications) else {
          publications.forEach { $0.abandon() }
          break
        }
        publishedAt = .now
        done(publications, checkpoint)
      }
      // The loop may be waiting for room.
      queue.close()
      queue.takeAll().forEach { $0.abandon() }
      ended.signal()
    }
    thread.name = "tongzhou publisher"
    thread.start()
  }

  /// Lets full blocks gather for a moment: each checkpoint costs syncs and files that the next one replaces, so
  /// that a busy node is faster with fewer. Who is alone in a block does not wait.
  ///
  /// - Returns: whether there may be more now.
  private func waitForMore(than publications: [Publication], since publishedAt: ContinuousClock.Instant) -> Bool {
    let left = publishedAt + ChainLoop.busyGathering - .now
    guard left > .zero, !isStopping.load(ordering: .relaxed),
      publications.reduce(0, { $0 + $1.block.block.items.count }) >= ChainLoop.busy
    else { return false }
    Thread.sleep(forTimeInterval: left / .seconds(1))
    return true
  }

  /// Lets a write that the disk refuses not be tried again.
  func giveUp() { isStopping.store(true, ordering: .relaxed) }

  /// Lets what is in the queue go to the disk, and ends. What a full disk does not take is still in the journal.
  func stop() {
    giveUp()
    queue.close()
    ended.wait()
  }

  /// Adds the proof of the new set of endorsers to those there are. Whoever starts from the genesis comes by them to
  /// the present policy. It can only be made now: later the state is another.
  private func writeChange(_ publication: Publication) throws {
    // Who is not in the set may lack the log signatures; then another organisation's log has the proof.
    guard !publication.block.logSignatures.isEmpty else { return }
    let chain = publication.block.block.batch.header.chain
    var changes =
      try writer.readPolicyChanges().flatMap { try? PolicyChanges(file: $0) } ?? PolicyChanges(chain: chain)
    changes.add(try PolicyChange(publication.block, certifiers: publication.certifiers, origin: origin))
    try writer.write(policyChanges: changes.json())
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
            try writeChange(publication)
          }
        }
        guard let last = publications.last else { return nil }
        let checkpoint = try last.block.checkpoint(origin: origin, endorsers: last.certifiers)
        try writer.publish(checkpoint: checkpoint)
        return checkpoint
      } catch {
        patience.note(.log, error)
        if isStopping.load(ordering: .relaxed) { return nil }
        patience.wait()
        // The writer may have a part of it: go on from what the checkpoint on the disk covers.
        if let resumed = try? resume() { writer = resumed }
      }
    }
  }
}
