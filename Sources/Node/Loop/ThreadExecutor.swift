internal import Foundation

/// Runs an actor's jobs on a thread of its own, so that it may wait for a disk without holding up others.
final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
  // Unchecked: `jobs` and `isStopping` are only touched under the condition's lock.
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []
  private var isStopping = false

  /// Starts the thread.
  init(name: String) {
    let thread = Thread { [self] in run() }
    thread.name = name
    // Execution of a block with deep trees fits easily; the default of a secondary thread is small.
    thread.stackSize = 8 << 20
    thread.start()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.lock()
    jobs.append(job)
    condition.signal()
    condition.unlock()
  }

  /// Ends the thread once all jobs handed in so far have run. Nothing may be handed in afterwards.
  func stop() {
    condition.lock()
    isStopping = true
    condition.signal()
    condition.unlock()
  }

  private func run() {
    while true {
      condition.lock()
      while jobs.isEmpty && !isStopping { condition.wait() }
      let taken = jobs
      jobs = []
      let isLast = taken.isEmpty
      condition.unlock()
      if isLast { return }
      for job in taken { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
  }
}
