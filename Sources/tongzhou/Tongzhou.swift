internal import ArgumentParser

/// The command line: every way to look at, check and measure the ledger.
@main
struct Tongzhou: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tongzhou",
    abstract: "同舟: a mutual-aid network that people can check.",
    discussion: """
      Start here:
        tongzhou demo                      two plans over two simulated years, then every check
        tongzhou audit data/demo           replay everything from the public files
        tongzhou node run --data data/demo the demonstration's organisations go on, with pages and interface
        tongzhou plan explain Conventions/tongzhou-seed.yaml --lang zh
        tongzhou key new                   the one secret from which a member's keys follow

      Every command that prints data takes --json. Errors go to standard error as `code: message`,
      with exit status 1; a mistyped command line ends with status 64.
      """,
    version: "0.1.0",
    subcommands: [
      DemoCommand.self, NodeCommand.self, AuditCommand.self, FsckCommand.self, KeyCommand.self, PlanCommand.self,
      BenchCommand.self,
    ])
}
