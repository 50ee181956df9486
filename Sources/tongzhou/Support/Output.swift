internal import ArgumentParser
internal import Foundation

/// What goes to the terminal.
enum Output {
  /// One line on standard output.
  static func line(_ text: String = "") {
    print(text)
    // Who reads through a pipe sees the line now and not when the program ends.
    fflush(nil)
  }

  /// One line on standard error, for what is no part of the output.
  static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  /// A value as JSON on standard output, keys sorted.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    line(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Says why on standard error and ends with status 1.
  static func fail(_ error: any Error) -> any Error {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    return ExitCode(1)
  }
}

/// The option that every command with data has.
struct JSONOption: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Print data as JSON.")
  var isOn = false
}
