internal import ArgumentParser
internal import CMalloc

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
        tongzhou key new --output me.key   the one secret from which a member's keys follow
        tongzhou join http://127.0.0.1:8080 --plan 0 --secret me.key --born 1990-05 --officers data/demo/keys

      Every command that prints data takes --json. Errors go to standard error as `code: message`,
      with exit status 1; a mistyped command line ends with status 64.
      """,
    version: "0.1.0",
    subcommands: [
      ProposalCommand.self, DemoCommand.self, NodeCommand.self, FollowCommand.self, AuditCommand.self,
      FsckCommand.self, KeyCommand.self, JoinCommand.self, AttestCommand.self, DepositCommand.self,
      CaseCommand.self, JuryCommand.self, LeaveCommand.self, ReservesCommand.self, ComplaintCommand.self,
      StatementCommand.self, ReceiptCommand.self, VerifyCommand.self, CompareCommand.self, WatchCommand.self,
      PlanCommand.self, ForecastCommand.self, HeartsCommand.self,
      MemberCommand.self, WebhookCommand.self, VaultCommand.self, BenchCommand.self,
      CredentialCommand.self, PartnerCommand.self,
    ])

  static func main() async {
    // Bundles and batches are so large that malloc would take each from the system anew, page by page.
    tongzhou_keep_freed_memory(32 << 20, 256 << 20)
    await main(nil)
  }
}
