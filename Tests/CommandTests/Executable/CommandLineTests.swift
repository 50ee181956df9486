import Testing

/// What every command has in common.
@Suite struct CommandLineTests {
  private static let commands = [
    ["demo"], ["audit", "x"], ["key", "new"], ["key", "show", "--chain=x"], ["plan", "check", "x"],
    ["plan", "explain", "x"],
    ["plan", "show", "x"], ["bench", "settlement"],
  ]

  @Test("an unknown option ends with status 64 and help on standard error", arguments: commands)
  func unknownOption(_ words: [String]) throws {
    let run = try Program.tongzhou.run(words + ["--nonsense"])
    #expect(run.status == 64 && run.output.isEmpty)
    #expect(run.errors.contains("--nonsense"))
    let command = words.filter { !$0.hasSuffix("x") }.joined(separator: " ")
    #expect(run.errors.contains("Usage: tongzhou \(command)") && run.errors.contains("--help"), "\(run.errors)")
  }

  @Test("an unknown command and a missing argument do the same")
  func unknownCommand() throws {
    for words in [["sail"], ["key", "lend"], ["audit"], ["plan", "check"], ["demo", "one"]] {
      let run = try Program.tongzhou.run(words)
      #expect(run.status == 64 && run.output.isEmpty && run.errors.contains("Usage: tongzhou"), "\(run.errors)")
    }
  }

  @Test("help is asked for on standard output", arguments: commands)
  func help(_ words: [String]) throws {
    let run = try Program.tongzhou.run(words.filter { !$0.hasSuffix("x") } + ["--help"])
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.text.contains("USAGE: tongzhou ") && run.text.contains("--json"))
  }

  @Test("the program alone says what there is, and tells its version")
  func programAlone() throws {
    let run = try Program.tongzhou.run()
    for name in ["demo", "audit", "key", "plan", "bench"] { #expect(run.text.contains("  \(name) ")) }
    #expect(run.status == 0)
    #expect(try Program.tongzhou.run("--version").text == "0.1.0\n")
  }
}
