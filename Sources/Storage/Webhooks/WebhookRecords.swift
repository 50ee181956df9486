public import TransparencyLog

/// A message to one receiver, and what became of it.
public struct WebhookDelivery: Hashable, Sendable {
  /// How a message stands.
  public enum State: Int, Sendable, CaseIterable {
    /// Still to be sent.
    case pending = 0
    /// The receiver has it.
    case delivered = 1
    /// Given up; a person can have it sent again.
    case dead = 2
  }

  /// In the order in which messages were made.
  public let sequence: Int64
  /// The receiver, by the name it has here.
  public let endpoint: String
  /// The message's own name; the same at every attempt.
  public let id: String
  /// What happened, such as `notice.published`.
  public let type: String
  /// How it stands.
  public let state: State
  /// Attempts that failed.
  public let attempts: Int
  /// When it is to be sent: milliseconds since 1970.
  public let due: UInt64
  /// How long the wait until then was to be, in milliseconds.
  public let pause: UInt64
  /// Why the last attempt failed, or it was given up; empty for neither.
  public let reason: String
  /// When the message was made: milliseconds since 1970.
  public let made: UInt64

  /// A message as it stands.
  public init(
    sequence: Int64, endpoint: String, id: String, type: String, state: State, attempts: Int, due: UInt64,
    pause: UInt64, reason: String, made: UInt64
  ) {
    self.sequence = sequence
    self.endpoint = endpoint
    self.id = id
    self.type = type
    self.state = state
    self.attempts = attempts
    self.due = due
    self.pause = pause
    self.reason = reason
    self.made = made
  }
}

/// A message that is to be sent to a receiver.
public struct WebhookLetter: Hashable, Sendable {
  /// The receiver.
  public let endpoint: String
  /// See ``WebhookDelivery``.
  public let id: String
  /// See ``WebhookDelivery``.
  public let type: String
  /// What is sent, the same at every attempt.
  public let body: [UInt8]

  /// A message.
  public init(endpoint: String, id: String, type: String, body: [UInt8]) {
    self.endpoint = endpoint
    self.id = id
    self.type = type
    self.body = body
  }
}

/// One number of what a chain's public records said when they were last looked at.
public struct WebhookFact: Hashable, Sendable {
  /// Of which table.
  public let kind: Int
  /// Which record.
  public let ordinal: Int
  /// What it said.
  public let value: Int64

  /// A number.
  public init(kind: Int, ordinal: Int, value: Int64) {
    self.kind = kind
    self.ordinal = ordinal
    self.value = value
  }
}

/// What a chain's public records said when they were last looked at.
public struct WebhookFacts: Hashable, Sendable {
  /// The chain's id.
  public let chain: Hash
  /// The block after which they were looked at.
  public let height: UInt64
  /// By kind, then by ordinal.
  public let facts: [WebhookFact]

  /// What was seen.
  public init(chain: Hash, height: UInt64, facts: [WebhookFact]) {
    self.chain = chain
    self.height = height
    self.facts = facts
  }
}
