import Foundation
import HeartChain
import Ledger
import Node
import Storage
import TestSupport
import TransparencyLog

@testable import Server

/// A small chain of hearts that takes what is handed in, each submission in a block of its own.
final class TellingChain: ServedChain, @unchecked Sendable {
  // Unchecked: the village is only touched under the lock.
  private let lock = NSLock()
  private var village: HeartVillage
  private var shown: ShownChain
  private var meanwhile: ((inout HeartVillage) throws -> Void)?

  init(_ village: HeartVillage) throws {
    self.village = village
    shown = try self.village.show()
  }

  private var current: ShownChain { lock.withLock { shown } }

  var name: String { current.name }
  var log: LogDirectory { current.log }
  var index: SearchIndex { current.index }
  var view: PublishedView? { current.view }

  /// Has something happen between that the next submission was judged and that it is ordered.
  func beforeTheNext(_ happens: @escaping (inout HeartVillage) throws -> Void) {
    lock.withLock { meanwhile = happens }
  }

  func submit(_ entries: [[UInt8]]) async throws -> Placement {
    try lock.withLock {
      if let happens = meanwhile {
        meanwhile = nil
        try happens(&village)
      }
      let codes = try village.block(entries).flatMap { $0 }
      guard let code = codes.first else { throw NodeError(.busy, "a block without the transaction") }
      shown = try village.show()
      return Placement(index: 0, height: shown.view?.height ?? 0, code: code, rows: Array(codes.dropFirst()))
    }
  }

  func updates() -> AsyncStream<UInt64> { AsyncStream { $0.finish() } }
}
