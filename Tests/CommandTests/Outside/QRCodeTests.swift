import Foundation
import Testing

@testable import TongzhouClient

/// QR codes as they come out of the server and the program, read back by Debian's zbarimg.
@Suite(DemoRun(endsNow: true), .enabled(if: QRReader.isInstalled, "needs zbar-tools and librsvg2-bin"))
struct QRCodeTests {
  @Test("a page's code holds the address that checks its file")
  func address() async throws {
    let running = try await Running()
    defer { running.end() }
    let client = try NodeClient(running.address)
    let svg = try await client.get("/qr/members/0", limit: 1 << 20)
    await client.shutdown()
    let read = try QRReader.read(svg, running.folder, isBinary: false)
    let address = String(decoding: read, as: UTF8.self).trimmingCharacters(in: .newlines)
    #expect(address == "\(running.address)/verify?file=%2Fv1%2Fmembers%2F0%2Fstatement")
  }

  @Test("a receipt drawn as QR codes is read back, joins in any order and verifies")
  func receipt() async throws {
    let running = try await Running()
    defer { running.end() }
    let folder = running.folder
    let made = try running.object(
      "join", options: ["--plan", "0", "--secret", running.secret, "--born", "1990-05"] + running.officers)
    let paid = try running.object(
      "deposit",
      options: ["--membership", "\(try #require(made["membership"] as? Int))", "--amount", "50"]
        + running.officers)
    func pieces(_ outcome: [String: Any], _ name: String) throws -> [String] {
      let transaction = try #require(outcome["transaction"] as? String)
      let shown = try running.object(
        "receipt", options: ["--transaction", transaction, "--qr", folder.file(name)])
      let drawn = try #require(shown["qr"] as? [String])
      #expect((1...ProofParts.mostParts).contains(drawn.count))
      return try drawn.enumerated().map { place, path in
        let svg = Array(try Data(contentsOf: URL(filePath: path)))
        let piece = folder.file("\(name).piece-\(place)")
        try Data(try QRReader.read(svg, folder, isBinary: true)).write(to: URL(filePath: piece))
        return piece
      }
    }
    let (joined, other) = (try pieces(made, "join"), try pieces(paid, "deposit"))
    try #require(joined.count > 1)
    let pins = ["--genesis", running.chain, "--policy", folder.file("demo/log/aid/policy/0")]
    func verify(_ files: [String]) throws -> String {
      let run = try Program.tongzhou.run(["verify"] + files + pins)
      return run.status == 0 ? "valid" : String(run.errors.prefix { $0 != ":" })
    }
    #expect(try verify(joined) == "valid" && verify(joined.reversed()) == "valid" && verify(other) == "valid")
    #expect(try verify(Array(joined.dropFirst())) == "qr.missing" && verify([joined[0]]) == "qr.missing")
    #expect(try verify([joined[0]] + other.dropFirst()) == "qr.mixed")
    #expect(try verify(joined + [joined[0]]) == "qr.repeated")
    var bent = Array(try Data(contentsOf: URL(filePath: joined[0])))
    bent[bent.count - 3] ^= 4
    try Data(bent).write(to: URL(filePath: folder.file("bent")))
    #expect(try verify([folder.file("bent")] + joined.dropFirst()) == "qr.damaged")
    #expect(try verify(joined + [running.secret]) == "qr.malformed")
  }
}

/// Debian's programs that see QR codes: rsvg-convert makes pixels of a drawing, zbarimg reads them.
enum QRReader {
  private static let programs = ["/usr/bin/rsvg-convert", "/usr/bin/zbarimg"]

  static var isInstalled: Bool { programs.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) } }

  /// What a drawn code holds.
  static func read(_ svg: [UInt8], _ folder: TemporaryFolder, isBinary: Bool) throws -> [UInt8] {
    let (drawn, pixels) = (folder.file("code.svg"), folder.file("code.png"))
    try Data(svg).write(to: URL(filePath: drawn))
    let converted = try Program.run([programs[0], "--output", pixels, drawn])
    try #require(converted.status == 0, "\(converted.errors)")
    let read = try Program.run(
      [programs[1], "--quiet", "--raw", "--oneshot"] + (isBinary ? ["-Sbinary"] : []) + [pixels])
    try #require(read.status == 0, "\(read.errors)")
    return Array(read.output)
  }
}
