internal import ArgumentParser

/// `tongzhou bench`.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure; prints figures, with --json for machines.",
    subcommands: [
      BenchSettlement.self, BenchIngest.self, BenchAudit.self, BenchRestart.self, BenchLoad.self,
      BenchPages.self, BenchProofs.self, BenchTrace.self,
    ])
}
