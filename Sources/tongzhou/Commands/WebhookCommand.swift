internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import Node
internal import Storage

/// `tongzhou webhook`.
struct WebhookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "webhook",
    abstract: "Webhooks of a node: what waits, what was given up, and once more.",
    discussion: """
      Works on the data directory, also while the node runs, which notices within a second.

        tongzhou webhook list data/demo --state dead
        tongzhou webhook retry data/demo --endpoint newspaper
        tongzhou webhook enable data/demo newspaper
      """,
    subcommands: [List.self, Retry.self, Enable.self])

  /// Opens what a node keeps.
  static func store(_ data: String) throws -> WebhookStore {
    let path = WebhookPart.path(data: data)
    guard FileManager.default.fileExists(atPath: path) else {
      throw NodeError(.unusableDirectory, "\(data) has no webhooks; a node started with --webhooks keeps them")
    }
    return try WebhookStore(path: path)
  }

  /// `tongzhou webhook list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show deliveries, newest first: those that wait, that arrived, that were given up.")

    @Argument(help: "The data directory.")
    var data: String

    @Option(help: "Of one receiver, by its id.")
    var endpoint: String?

    @Option(help: "In one state: pending, delivered or dead.")
    var state: Wanted?

    @Option(help: "The most to show.")
    var limit = 100

    @OptionGroup var json: JSONOption

    func validate() throws {
      guard (1...100_000).contains(limit) else { throw ValidationError("--limit is 1 to 100000") }
    }

    func run() throws {
      do {
        let store = try WebhookCommand.store(data)
        let shown = Shown(
          disabled: try store.disabled,
          deliveries: try store.deliveries(to: endpoint, in: state?.state, limit: limit).map(Shown.Delivery.init))
        if json.isOn { return try Output.json(shown) }
        for endpoint in shown.disabled { Output.line("\(endpoint) answered 410 and gets nothing") }
        for delivery in shown.deliveries {
          let why = delivery.reason.isEmpty ? "" : " (\(delivery.reason))"
          let state = "\(delivery.state), \(delivery.attempts) failed\(why)"
          Output.line("\(delivery.id) \(delivery.type) to \(delivery.endpoint): \(state)")
        }
      } catch {
        throw Output.fail(error)
      }
    }

    /// A state, as it is typed.
    enum Wanted: String, CaseIterable, ExpressibleByArgument {
      case pending, delivered, dead

      var state: WebhookDelivery.State {
        switch self {
        case .pending: .pending
        case .delivered: .delivered
        case .dead: .dead
        }
      }
    }

    /// What is shown, under the names that scripts read.
    private struct Shown: Encodable {
      let disabled: [String]
      let deliveries: [Delivery]

      struct Delivery: Encodable {
        let id, endpoint, type, state, reason: String
        let attempts: Int
        /// Milliseconds since 1970.
        let made, due: UInt64

        init(_ delivery: WebhookDelivery) {
          id = delivery.id
          endpoint = delivery.endpoint
          type = delivery.type
          state = "\(delivery.state)"
          reason = delivery.reason
          attempts = delivery.attempts
          made = delivery.made
          due = delivery.due
        }
      }
    }
  }

  /// `tongzhou webhook retry`.
  struct Retry: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let deliveries that were given up be sent again, from the first attempt on.")

    @Argument(help: "The data directory.")
    var data: String

    @Option(help: "To one receiver, by its id.")
    var endpoint: String?

    @Option(help: "One message, by its id.")
    var message: String?

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        let count = try WebhookCommand.store(data)
          .revive(endpoint, id: message, now: Timestamp.wallClockMilliseconds)
        if json.isOn { return try Output.json(["revived": count]) }
        Output.line("\(count) will be sent again")
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou webhook enable`.
  struct Enable: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a receiver that answered 410 have messages again; retry brings those that were given up.")

    @Argument(help: "The data directory.")
    var data: String

    @Argument(help: "The receiver's id.")
    var endpoint: String

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        let was = try WebhookCommand.store(data).enable(endpoint)
        if json.isOn { return try Output.json(["enabled": was]) }
        Output.line(was ? "\(endpoint) gets messages again" : "\(endpoint) was not disabled")
      } catch {
        throw Output.fail(error)
      }
    }
  }
}
