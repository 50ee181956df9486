internal import ArgumentParser
internal import Credentials
internal import Foundation
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou partner`.
struct PartnerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "partner",
    abstract: "A partner's side of the green channel: ask, and check what is shown, without a network.",
    discussion: """
      A partner pins the issuer's keys once and keeps a status list that is less than a day old. Then it asks whether a
      love index reaches a threshold, and learns yes or no.

        tongzhou partner fetch https://platform.example
        tongzhou partner nonce --genesis CHAIN-ID --partner 0 --threshold 650
        tongzhou partner check answer.txt --genesis CHAIN-ID --partner 0 --threshold 650

      Badges are checked with the same keys:

        tongzhou partner badge badge.jwt
      """,
    subcommands: [Fetch.self, Nonce.self, Check.self, Badge.self])

  /// Who asks, and where it keeps what it asked.
  struct Asking: ParsableArguments {
    @Option(help: "The id of the chain of hearts: 64 hexadecimal digits.")
    var genesis: String

    @Option(help: "The partner's number on the chain.")
    var partner: UInt32

    @Option(help: "What is asked: a threshold of the love index.")
    var threshold: UInt16

    @Option(help: "The file of questions, a secret; made when it is not there.")
    var book = "questions.json"

    /// The partner's name in presentations.
    func audience() throws -> String {
      guard let chain = Hash(hexadecimal: genesis) else {
        throw LedgerError(.malformed, "a chain id is 64 hexadecimal digits")
      }
      return PartnerQuestion.audience(chain: chain.description, partner: partner)
    }

    /// The questions asked before; the file is made where there is none. A question needs nothing written, so none that
    /// is asked can undo the mark of one that was answered.
    func startedQuestions() throws -> NonceBook {
      let lock = try FileLock(book)
      defer { lock.release() }
      let questions = try questions()
      if !FileManager.default.fileExists(atPath: book) { try SecretFile.create(book, questions.file()) }
      return questions
    }

    /// Marks a question as answered, in the file as it is by now.
    ///
    /// - Throws: `credential.replayed` where another process was first.
    func take(_ nonce: String, for audience: String, at time: Int64) throws {
      let lock = try FileLock(book)
      defer { lock.release() }
      var questions = try questions()
      try questions.take(nonce, for: audience, at: time)
      try SecretFile.replace(book, questions.file())
    }

    /// The questions asked before.
    func questions() throws -> NonceBook {
      switch SecretFile.content(of: book, limit: 16 << 20) {
      case .missing where !FileManager.default.fileExists(atPath: book): return NonceBook()
      case .missing: throw LedgerError(.malformed, "cannot read \(book)")
      case .exposed: throw LedgerError(.badKey, "\(book) can be read by others; chmod 600 \(book)")
      case .bytes(let bytes): return try NonceBook(file: bytes)
      }
    }
  }

  /// `tongzhou partner fetch`.
  struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch what is needed to check without a network.",
      discussion: """
        Pins the issuer's keys the first time: compare the names that are printed with those the issuer tells you in
        another way. Fetches the status list each time, checked against these keys.
        """)

    @Argument(help: "The issuer's node.")
    var url: String

    @Option(help: "The issuer's keys; written when it is not there.")
    var issuerKeys = "issuer-keys.json"

    @Option(help: "Where to write the status list.")
    var statusList = "status-list.jwt"

    @Option(help: "Which list; an issuer begins another when this many have credentials of one day: 65,536.")
    var list = 1

    @Option(help: "A file with the certificates to trust instead of the system's, for https.")
    var ca: String?

    @OptionGroup var json: JSONOption

    func run() async throws {
      do {
        var options = ClientOptions()
        options.authority = ca
        let (issuers, read) = try await NodeClient.with(url, options: options) { client in
          let issuers = try await PinnedKeys.read(issuerKeys, or: client)
          let bytes = try await client.statusList(list)
          let read = try await VerifiedStatusList(
            token: String(decoding: bytes, as: UTF8.self), issuers: issuers, at: Int64(Timestamp.wallClock.seconds))
          try SmallFile.write(bytes, to: statusList)
          return (issuers, read)
        }
        if json.isOn {
          try Output.json(Fetched(issuer: issuers.issuer, keys: issuers.names, list: read.uri, expires: read.expires))
        } else {
          for name in issuers.names { Output.line("issuer \(issuers.issuer) \(name)") }
          Output.line("status list \(read.uri), good for a day")
        }
      } catch {
        throw Output.fail(error)
      }
    }

    private struct Fetched: Encodable {
      let issuer: String
      let keys: [String]
      let list: String
      let expires: Int64
    }
  }

  /// `tongzhou partner nonce`.
  struct Nonce: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ask: print a question that is good for five minutes and one answer.")

    @OptionGroup var asking: Asking

    @Option(help: "Write the question as a QR code to this file, too, as SVG.")
    var qr: String?

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        let (book, audience) = (try asking.startedQuestions(), try asking.audience())
        let nonce = book.issue(for: audience, at: Int64(Timestamp.wallClock.seconds))
        let question = QuestionText(audience: audience, threshold: try IndexThreshold(asking.threshold), nonce: nonce)
        if let qr {
          guard let code = QRCode(Array(question.text.utf8), correction: .medium) else {
            throw LedgerError(.malformed, "the question is too long for a QR code")
          }
          try SmallFile.write(Array(code.svg.utf8), to: qr)
        }
        if json.isOn {
          try Output.json(["nonce": nonce, "audience": audience, "question": question.text])
        } else {
          Output.line(question.text)
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou partner check`.
  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check an answer: prints yes or no.",
      discussion: "Ends with status 0 for yes, 2 for no, and 1 for what does not hold.")

    @Argument(help: "The file with the answer; - for standard input.")
    var file: String

    @OptionGroup var asking: Asking

    @Option(help: "The issuer's keys.")
    var issuerKeys = "issuer-keys.json"

    @Option(help: "Status lists at hand.")
    var statusList = ["status-list.jwt"]

    @OptionGroup var json: JSONOption

    func run() async throws {
      let isReached: Bool
      do {
        isReached = try await check()
        if json.isOn {
          try Output.json(Answer(threshold: asking.threshold, reached: isReached))
        } else {
          Output.line("at least \(asking.threshold): \(isReached ? "yes" : "no")")
        }
      } catch {
        throw CredentialAdvice.fail(error)
      }
      if !isReached { throw ExitCode(2) }
    }

    private func check() async throws -> Bool {
      let issuers = try PinnedKeys.read(issuerKeys)
      let (now, audience) = (Int64(Timestamp.wallClock.seconds), try asking.audience())
      let text = try ShownFile.read(file, limit: UnverifiedPresentation.maximumBytes + 2)
      let presentation = try UnverifiedPresentation(text: text)
      let question = try PartnerQuestion(
        issuers: issuers, audience: audience, threshold: IndexThreshold(asking.threshold))
      var lists: [VerifiedStatusList] = []
      for path in statusList {
        try CredentialAdvice.require(path, from: "`tongzhou partner fetch`")
        let token = String(decoding: try SmallFile.read(path, limit: StatusListToken.maximumBytes), as: UTF8.self)
        lists.append(try await VerifiedStatusList(token: token, issuers: issuers, at: now))
      }
      let nonce = presentation.claimedNonce ?? ""
      try asking.questions().check(nonce, for: audience, at: now)
      let verified = try await presentation.verified(for: question, nonce: nonce, lists: lists, at: now)
      // Noted before it is said: what is said counts once.
      try asking.take(nonce, for: audience, at: now)
      return verified.isReached
    }

    private struct Answer: Encodable {
      let threshold: UInt16
      let reached: Bool
    }
  }
}
