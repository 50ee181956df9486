internal import Contracts
internal import Exchange
internal import HeartChain
internal import Ledger
internal import Node
internal import Storage
internal import TransparencyLog

extension EPCISGateway {
  /// The rows of the event that a declaration of error is about: the organisation's own event of its name, or without
  /// one of its content. Nothing where there is none, and for what is no declaration.
  ///
  /// - Throws: `ValidationException` where the event has another content than the declaration says.
  func declared(
    _ entry: EPCISDocument.Entry, _ heart: HeartChain, _ names: HeartNames, _ sender: Sender
  ) throws(EPCISError) -> [Way.Step] {
    guard entry.event.errorDeclaration != nil else { return [] }
    do {
      if let id = entry.event.id, let name = names.event(in: id) {
        guard let step = try sender.chain.index.step(of: name)?.step else { return [] }
        let steps = [Way.Step(step)]
        guard let event = try EventExport(hearts: heart.hearts, names: names).event(steps[0]) else { return [] }
        try EPCISGateway.require(entry, EPCISDocument.event(json: EPCISDocument.alone(event).encoded).hashID)
        return steps
      }
      let organisation = sender.profile.organisation
      guard let event = try sender.store.event(entry.event.id ?? entry.hashID, of: organisation) else { return [] }
      try EPCISGateway.require(entry, event.hashID)
      // Rows that were refused made nothing that could be taken back.
      return try (0..<UInt64(event.rows)).compactMap { row in
        try sender.chain.index.step(of: event.first + row).map { Way.Step($0.step) }
      }
    } catch let error as EPCISError {
      throw error
    } catch {
      throw EPCISError(.implementation, "what was captured before cannot be read")
    }
  }

  private static func require(_ entry: EPCISDocument.Entry, _ hashID: String) throws(EPCISError) {
    guard hashID.utf8.elementsEqual(entry.hashID.utf8) else {
      throw EPCISError(.validation, "the event of this name has another content than the declaration")
    }
  }

  /// Takes back the gifts of a plan, each by an action of its own; what was done is noted in `reversed` at once, since
  /// it stays done.
  ///
  /// - Returns: why some could not be taken back although they were judged right, with the events' places.
  func takeBack(
    _ plan: CapturePlan, _ taken: [(event: Int, rows: CapturePlan.Taken)], for sender: Sender, _ view: PublishedView,
    _ reversed: inout Set<UInt32>
  ) async throws -> [EPCISError] {
    var errors: [EPCISError] = []
    for (place, rows) in taken {
      for reversal in plan.reversals[rows.reversals] {
        let unsigned = try UnsignedTransaction(
          chain: view.genesis.chain, sender: sender.officer.publicKey.address, expiry: newExpiry,
          id: EPCISGateway.transactionID(), action: try Hearts.reverse(gift: reversal.gift, reason: reversal.reason))
        let entry = Entry.make(.transaction, try unsigned.signed(by: [sender.officer]))
        let code: ErrorCode
        do {
          code = try await sender.chain.submit([entry]).code
        } catch let error as LedgerError { code = error.code }
        if code == .success {
          reversed.insert(reversal.gift)
        } else {
          errors.append(EPCISError(.validation, "refused in the log", code: code.name, event: place))
        }
      }
    }
    return errors
  }
}
