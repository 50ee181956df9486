internal import GRDB

/// What became of a delivery, or of a receiver.
public enum WebhookOutcome: Hashable, Sendable {
  /// The receiver has it.
  case delivered(sequence: Int64)
  /// An attempt failed, and there will be another at `due`, `pause` later: milliseconds since 1970, and between.
  case waits(sequence: Int64, attempts: Int, due: UInt64, pause: UInt64, reason: String)
  /// It is given up.
  case dead(sequence: Int64, attempts: Int, reason: String)
  /// Nothing is sent to the receiver any more, until a person enables it.
  case disabled
}

extension WebhookStore {
  /// Keeps what became of deliveries to one receiver: all of it or nothing.
  public func keep(_ outcomes: [WebhookOutcome], of endpoint: String) throws(StorageError) {
    guard !outcomes.isEmpty else { return }
    try write { db in
      let finish = try db.cachedStatement(
        sql: """
          UPDATE deliveries SET state = ?, attempts = COALESCE(?, attempts), reason = ? WHERE sequence = ? AND state = 0
          """)
      for outcome in outcomes {
        switch outcome {
        case .delivered(let sequence):
          try finish.execute(arguments: [WebhookDelivery.State.delivered.rawValue, nil, "", sequence])
        case .waits(let sequence, let attempts, let due, let pause, let reason):
          try db.execute(
            sql: "UPDATE deliveries SET attempts = ?, due = ?, pause = ?, reason = ? WHERE sequence = ? AND state = 0",
            arguments: [attempts, Int64(clamping: due), Int64(clamping: pause), reason, sequence])
        case .dead(let sequence, let attempts, let reason):
          try finish.execute(arguments: [WebhookDelivery.State.dead.rawValue, attempts, reason, sequence])
        case .disabled:
          try db.execute(sql: "INSERT OR IGNORE INTO disabled VALUES (?)", arguments: [endpoint])
        }
      }
      for (state, kept) in [(WebhookDelivery.State.delivered, Self.keptDelivered), (.dead, Self.keptDead)] {
        try db.execute(
          sql: """
            DELETE FROM deliveries WHERE endpoint = ?1 AND state = ?2 AND sequence <= (
              SELECT sequence FROM deliveries WHERE endpoint = ?1 AND state = ?2
              ORDER BY sequence DESC LIMIT 1 OFFSET ?3)
            """, arguments: [endpoint, state.rawValue, kept])
      }
    }
  }

  /// A receiver gets messages again.
  ///
  /// - Returns: whether it got none.
  public func enable(_ endpoint: String) throws(StorageError) -> Bool {
    try write { db in
      try db.execute(sql: "DELETE FROM disabled WHERE endpoint = ?", arguments: [endpoint])
      return db.changesCount > 0
    }
  }

  /// The receivers that get nothing any more.
  public var disabled: [String] {
    get throws(StorageError) {
      try read { try String.fetchAll($0, sql: "SELECT endpoint FROM disabled ORDER BY endpoint") }
    }
  }

  /// Lets what was given up be sent again, from the first attempt on.
  ///
  /// - Parameters:
  ///   - endpoint: of one receiver only.
  ///   - id: of one message only.
  ///   - now: milliseconds since 1970.
  /// - Returns: how many there were.
  public func revive(_ endpoint: String? = nil, id: String? = nil, now: UInt64) throws(StorageError) -> Int {
    try write { db in
      try db.execute(
        sql: """
          UPDATE deliveries SET state = 0, attempts = 0, due = ?1, pause = 0, reason = ''
          WHERE state = 2 AND (?2 IS NULL OR endpoint = ?2) AND (?3 IS NULL OR id = ?3)
          """, arguments: [Int64(clamping: now), endpoint, id])
      return db.changesCount
    }
  }
}
