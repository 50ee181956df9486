internal import Foundation
public import Ledger

/// A transaction with its rows as JSON carries it to a node: `{"envelope": base64, "rows": [base64, …]}`.
public struct SubmissionDocument: Equatable, Sendable {
  /// The signed envelope.
  public let envelope: [UInt8]
  /// The rows its manifest names; empty where it has none.
  public let rows: [[UInt8]]

  /// A transaction to hand in.
  public init(envelope: [UInt8], rows: [[UInt8]]) {
    self.envelope = envelope
    self.rows = rows
  }

  private struct File: Codable {
    let envelope: Data
    let rows: [Data]?
  }

  /// Reads JSON; `nil` for what is none of this form. The caller has bounded its length.
  public init?(json: [UInt8]) {
    guard let file = try? JSONDecoder().decode(File.self, from: Data(json)) else { return nil }
    envelope = Array(file.envelope)
    rows = (file.rows ?? []).map { Array($0) }
  }

  /// The JSON.
  public func json() throws -> [UInt8] {
    Array(try JSONEncoder().encode(File(envelope: Data(envelope), rows: rows.map { Data($0) })))
  }

  /// The entries it would be in a log: the transaction, then its rows packed; `transaction.too_large` for a row that
  /// fits no entry.
  public func entries() throws(LedgerError) -> [[UInt8]] {
    [Entry.make(.transaction, envelope)] + (try RowEntries.pack(rows))
  }
}
