internal import ArgumentParser
internal import Foundation
internal import MutualAid
internal import Simulator
internal import Synchronization
internal import TongzhouClient

/// `tongzhou forecast`.
struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "The next years of a plan, or past years of a known one, through the real contract.",
    discussion: """
      Without a subcommand it makes people up, lets them join, pay, fall ill and leave, and prints what each year
      costs a member. docs/forecast.md says what is assumed.
      """,
    subcommands: [Run.self, ReplayRun.self], defaultSubcommand: Run.self)

  /// `tongzhou forecast run`.
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Yearly cost, members, reserve and winding down, over many runs.")

    @Option(help: "The convention's file.")
    var plan: String

    @Option(help: "The population's file, such as Conventions/population-china-2020.yaml.")
    var population: String

    @Option(help: "Years to come (1 to 50).")
    var years = 10

    @Option(help: "Runs, each with a seed of its own (1 to 1000).")
    var runs = 20

    @Option(help: "Memberships with which a run begins, each standing for many members (100 to 1000000).")
    var sample = 20_000

    @Option(help: "The same seed gives the same figures.")
    var seed: UInt64 = 1

    @Option(
      help: """
        The plan winds down with fewer members. Without it: the convention's minimum, or, where it has none, as many \
        as it takes to give the highest aid within the cap per case, or 10000 where there is no such cap.
        """)
    var minimumMembers: Int?

    @Option(help: "Write a report with charts, one HTML file that needs nothing else.")
    var report: String?

    @Option(help: "Chart.js for the report; without it, where `make setup` puts it.")
    var chartLibrary: String?

    @Option(help: "Language: zh or en.")
    var lang = LanguageOption.en

    @OptionGroup var json: JSONOption

    func validate() throws {
      guard (1...50).contains(years) else { throw ValidationError("--years is 1 to 50") }
      guard (1...1000).contains(runs) else { throw ValidationError("--runs is 1 to 1000") }
      guard (100...1_000_000).contains(sample) else { throw ValidationError("--sample is 100 to 1000000") }
      guard (1...2_000_000_000).contains(minimumMembers ?? 1) else {
        throw ValidationError("--minimum-members is 1 to 2000000000")
      }
    }

    func run() throws {
      do {
        let convention = try ConventionFile(path: plan).convention
        let people = try PopulationFile(path: population)
        // Before the runs, so that nobody waits for a report that cannot be drawn.
        let library = try report.map { _ in try ChartLibrary.text(at: chartLibrary) }
        let options = Forecast.Options(
          years: years, runs: runs, sample: sample, seed: seed, minimumMembers: minimumMembers)
        let forecast = try Forecast(convention, population: people.population, options: options)
        let summary = ForecastSummary(try ForecastCommand.runs(of: forecast))
        let output = ForecastOutput(summary, forecast: forecast, convention: convention, population: people)
        if let report, let library {
          try ForecastReport(output, language: lang.language, library: library).write(to: report)
        }
        try json.isOn ? Output.json(output) : output.print(lang.language)
        if let report, !json.isOn { Output.line(lang == .zh ? "报告：\(report)" : "report: \(report)") }
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// All runs, as many at once as there are cores; the order of the results is that of their numbers.
  static func runs(of forecast: Forecast) throws -> [ForecastRun] {
    let count = forecast.options.runs
    let done = Mutex<[Int: Result<ForecastRun, any Error>]>([:])
    let bar = Mutex(ProgressBar("forecasting"))
    DispatchQueue.concurrentPerform(iterations: count) { number in
      let run = Result { try forecast.run(number) }
      let finished = done.withLock { results in
        results[number] = run
        return results.count
      }
      bar.withLock { $0.show(finished, of: count) }
    }
    bar.withLock { $0.finish() }
    let results = done.withLock { $0 }
    return try (0..<count).compactMap { try results[$0]?.get() }
  }

  /// `tongzhou forecast replay`.
  struct ReplayRun: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "replay",
      abstract: "相互宝's published numbers of 2019 and 2020 through the calendar rules, beside its published cost.",
      discussion: """
        The number of aided members of each year goes in as published. The mean aid of a case follows from the \
        population's ages, the incidence table and the convention's aid, and not from the published cost, so that \
        the deviation means something. docs/forecast.md discusses it.
        """)

    @Option(help: "The convention's file; without it Conventions/fortnight.yaml.")
    var plan: String?

    @Option(help: "The population's file; without it Conventions/population-china-2020.yaml.")
    var population: String?

    @Option(help: "Members at the beginning of 2019, an assumption (0 to 100000000).")
    var membersAtStart = 20_000_000

    @Option(help: "Members that one membership stands for (20 to 10000).")
    var scale = 100

    @Option(help: "Language: zh or en.")
    var lang = LanguageOption.en

    @OptionGroup var json: JSONOption

    func validate() throws {
      guard (0...100_000_000).contains(membersAtStart) else {
        throw ValidationError("--members-at-start is 0 to 100000000")
      }
      guard (20...10_000).contains(scale) else { throw ValidationError("--scale is 20 to 10000") }
    }

    func run() throws {
      do {
        let path = plan ?? ConventionPlaces.path("fortnight.yaml", in: nil)
        let convention = try ConventionFile(path: path).convention
        let people = try PopulationFile(
          path: population ?? ConventionPlaces.path("population-china-2020.yaml", in: nil))
        let figures = ReplayFigures.xianghubao(membersAtStart: membersAtStart)
        var replay = try PlanReplay(convention, population: people.population, figures: figures, scale: scale)
        var bar = ProgressBar("replaying")
        let years = try replay.run { bar.show($0, of: $1) }
        bar.finish()
        let output = ReplayOutput(
          years, figures: figures, scale: scale, convention: convention, population: people)
        try json.isOn ? Output.json(output) : output.print(lang.language)
      } catch {
        throw Output.fail(error)
      }
    }
  }
}
