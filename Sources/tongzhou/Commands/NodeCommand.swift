internal import ArgumentParser

/// `tongzhou node`.
struct NodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node", abstract: "Run a node: keep a chain going, and serve it; found a chain.",
    subcommands: [Run.self, Init.self])

  /// `tongzhou node run`.
  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Replay the log, then keep the chain going and serve pages, interface and log files.",
      discussion: """
        Runs the organisations whose keys lie in DATA/keys: on a demonstration's directory all four of them. The
        chain goes on by the wall clock. A node acknowledges only what is on its disk; kill it at any moment and
        it goes on where it was. It listens at once; until its log is read, /readyz and the pages answer 503.

        Every setting can also stand in the environment, as TONGZHOU_PORT or TONGZHOU_IDLE_SECONDS, or in the
        file of --config, as `port: 8080`. The command line counts first, then the environment, then the file.
        """)

    @Option(help: "The data directory.")
    var data: String

    @OptionGroup var listening: ListeningOptions

    func run() async throws {
      do {
        let (data, settings) = (data, try await listening.settings())
        try await NodeService.run(data: data, settings: settings) { url in
          Output.line("listening on \(url), reading the log")
        } onWitness: { lines in
          lines.forEach { Output.line($0) }
        } onReady: { url in
          Output.line("serving \(data) on \(url) (stop with Ctrl-C)")
          if settings.isSecure { TrustAdvice.lines(data: data, url: url).forEach { Output.line($0) } }
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }
}
