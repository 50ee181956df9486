internal import ArgumentParser

@main
struct Tongzhou: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "x")
}
