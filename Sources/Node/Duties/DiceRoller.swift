internal import Consortium
internal import Contracts
public import Ledger
public import Logging
public import MutualAid
internal import TongzhouClient

/// Lets organisations take their part in drawing juries without anybody having to think of it: whenever a draw opens,
/// each organisation whose secrets are here reveals its next preimage.
public final class DiceRoller: Sendable {
  /// What an organisation needs for its part.
  public struct Part: Sendable {
    /// The key of one of its officers.
    public let officer: SigningKey
    /// The secret of its hash chains.
    public let dice: DiceSecret

    /// The two together.
    public init(officer: SigningKey, dice: DiceSecret) {
      self.officer = officer
      self.dice = dice
    }
  }

  private let chain: any ServedChain
  private let parts: @Sendable (_ organisation: String) throws -> Part?
  private let clock: @Sendable () -> Timestamp
  private let pause: Duration
  private let logger: Logger

  /// - Parameters:
  ///   - parts: what an organisation needs, by its name; `nil` for those of others. Asked anew for each draw, so that
  ///     a new officer's key needs no restart.
  ///   - clock: what time it is.
  ///   - pause: how long to wait after something failed.
  public init(
    _ chain: any ServedChain, clock: @escaping @Sendable () -> Timestamp, pause: Duration = .seconds(60),
    logger: Logger, parts: @escaping @Sendable (_ organisation: String) throws -> Part?
  ) {
    self.chain = chain
    self.parts = parts
    self.clock = clock
    self.pause = pause
    self.logger = logger
  }

  /// Takes part in every draw until the task is cancelled.
  public func run() async {
    while !Task.isCancelled {
      let updates = chain.updates()
      await revealAll()
      for await _ in updates { await revealAll() }
      // There are no updates before the chain is open.
      try? await Task.sleep(for: .seconds(1))
    }
  }

  /// Reveals for each organisation that owes it.
  func revealAll() async {
    guard let view = chain.view, let draw = view.app.mutualAid.openDraw else { return }
    let organisations = view.app.consortium.organisations
    var hasFailed = false
    for ordinal in 0..<organisations.count {
      guard let number = UInt16(exactly: ordinal), view.app.mutualAid.owesReveal(number) else { continue }
      let name = organisations[ordinal].name.string
      let about: Logger.Metadata = ["organisation": "\(name)", "draw": "\(draw)"]
      do {
        guard let part = try parts(name) else { continue }
        guard let preimage = part.dice.preimage(for: view.app.mutualAid.dice[ordinal]) else {
          throw LedgerError(.noDice, "the chain that was committed is not of this secret, or is used up")
        }
        let placement = try await chain.submit([
          Entry.make(
            .transaction,
            try NodeClient.sign(
              MutualAid.revealDice(draw: draw, preimage: preimage), by: part.officer, chain: view.genesis.chain,
              at: clock()))
        ])
        guard placement.code == .success else { throw LedgerError(placement.code, "refused in the log") }
        logger.info("revealed for a draw of juries", metadata: about)
      } catch is CancellationError {
        return
      } catch {
        logger.warning("not revealed for a draw of juries", metadata: about.merging(["error": "\(error)"]) { $1 })
        hasFailed = true
      }
    }
    // The next block would bring the same again.
    if hasFailed { try? await Task.sleep(for: pause) }
  }
}
