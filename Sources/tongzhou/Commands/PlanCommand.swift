internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// The language of what is printed, as an option.
enum LanguageOption: String, ExpressibleByArgument, CaseIterable {
  case zh, en

  var language: Language { self == .zh ? .zh : .en }
}

/// `tongzhou plan`.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Read, check and explain a convention (互助公约).",
    discussion: "A convention is a YAML file such as Conventions/tongzhou-seed.yaml, which explains its own form.",
    subcommands: [Check.self, Explain.self, Show.self])

  /// `tongzhou plan check`.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a convention against every rule.",
      discussion: "Prints all findings with their lines; exits with status 1 if one of them is an error.")

    @Argument(help: "The convention's file.")
    var file: String

    @Option(help: "Language of the findings: zh or en.")
    var lang = LanguageOption.en

    @OptionGroup var json: JSONOption

    func run() throws {
      let findings = ConventionCheck.report(path: file)
      if json.isOn {
        try Output.json(findings.map { Finding($0, lang.language) })
      } else {
        for finding in findings {
          Output.line(
            "\(file):\(finding.line.map { "\($0):" } ?? "") \(finding.severity): \(finding.text(lang.language))")
        }
      }
      if findings.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
      if !json.isOn, let convention = try? ConventionFile(path: file).convention {
        Output.line("\(file): good; hash \(convention.hash)")
      }
    }
  }

  private struct Finding: Encodable {
    let severity: String
    let name: String
    let line: Int?
    let text: String

    init(_ finding: ConventionFinding, _ language: Language) {
      severity = finding.severity.rawValue
      name = finding.name
      line = finding.line
      text = finding.text(language)
    }
  }

  /// `tongzhou plan explain`.
  struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The convention in plain words, with a worked example.")

    @Argument(help: "The convention's file.")
    var file: String

    @Option(help: "Language: zh or en.")
    var lang = LanguageOption.zh

    @Option(help: "Members in the example.")
    var members: Int64 = ConventionExplanation.usualMembers

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        guard (1...2_000_000_000).contains(members) else {
          throw LedgerError(.overflow, "--members is 1 to 2,000,000,000")
        }
        let explanation = ConventionExplanation(
          try ConventionFile(path: file).convention, language: lang.language, members: members)
        if json.isOn {
          try Output.json(Text(explanation))
        } else {
          Output.line(explanation.text)
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }

  private struct Text: Encodable {
    struct Section: Encodable {
      let heading: String
      let paragraphs: [String]
    }
    let title: String
    let sections: [Section]

    init(_ explanation: ConventionExplanation) {
      title = explanation.title
      sections = explanation.sections.map { Section(heading: $0.heading, paragraphs: $0.paragraphs) }
    }
  }

  /// `tongzhou plan show`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The convention's canonical form: its figures and the hash that stands on the chain.")

    @Argument(help: "The convention's file.")
    var file: String

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        let convention = try ConventionFile(path: file).convention
        if json.isOn {
          try Output.json(Summary(convention))
        } else {
          Summary(convention).print()
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }

  private struct Summary: Encodable {
    let key: String
    let version: Int
    let nameZh: String
    let nameEn: String
    let hash: String
    let bytes: Int
    let payers: String
    let firstDepositMicro: Int64
    let waitingDays: Int
    let joinToYears: Int
    let coverToYears: Int
    let feePartsPerMillion: UInt32
    let capPerCaseMicro: Int64
    let capPerYearMicro: Int64
    let highestAidMicro: Int64
    let classes: [String]

    init(_ convention: Convention) {
      key = convention.key
      version = convention.version
      nameZh = convention.nameZh
      nameEn = convention.nameEn
      hash = convention.hash.description
      bytes = convention.bytes.count
      payers = convention.countsPayersAtNotice ? "at notice" : "at settlement"
      firstDepositMicro = convention.firstDeposit.micro
      waitingDays = convention.waitingDays
      joinToYears = convention.ages.joinToYears
      coverToYears = convention.ages.coverToYears
      feePartsPerMillion = convention.feePartsPerMillion
      capPerCaseMicro = convention.caps.perCase.micro
      capPerYearMicro = convention.caps.perYear.micro
      highestAidMicro = convention.highestAid.micro
      classes = convention.classes.map(\.key)
    }

    func print() {
      Output.line("\(nameZh) · \(nameEn) (\(key), version \(version))")
      Output.line("  hash on the chain  \(hash)")
      Output.line("  canonical bytes    \(bytes)")
      Output.line("  payers             \(payers)")
      Output.line("  first deposit      \(Amount(micro: firstDepositMicro)) yuan")
      Output.line("  waiting period     \(waitingDays) days")
      Output.line("  ages               join to \(joinToYears), cover to \(coverToYears)")
      Output.line("  highest aid        \(Amount(micro: highestAidMicro)) yuan")
      Output.line("  fee                \(feePartsPerMillion) parts in a million")
      Output.line("  cap per case       \(capPerCaseMicro == 0 ? "none" : "\(Amount(micro: capPerCaseMicro)) yuan")")
      Output.line("  cap per year       \(capPerYearMicro == 0 ? "none" : "\(Amount(micro: capPerYearMicro)) yuan")")
      Output.line("  classes            \(classes.joined(separator: ", "))")
    }
  }
}
