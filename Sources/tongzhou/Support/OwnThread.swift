internal import Foundation

/// Work that waits and computes for long, on a thread of its own: the tasks that fetch for it go on meanwhile.
enum OwnThread {
  /// Runs a function on a new thread and gives back what it returns or throws.
  static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread { continuation.resume(with: Result { try body() }) }
      // Execution of a block with deep trees fits easily; the default of a secondary thread is small.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }
}
