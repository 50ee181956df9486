import Foundation
import Testing

/// A demonstration is over when it ends: a node that goes on with it lives in its present.
@Suite struct DemoEndTests {
  @Test(
    "nothing is signed later than its end, at whatever time of day that is",
    arguments: [
      // Midnight of 25 November in UTC+8; and during its ninth hour, when the day's signatures are being made.
      1_795_536_000, 1_795_568_460, 1_795_575_600,
    ])
  func nothingLater(_ end: Int) throws {
    try TemporaryFolder.with { folder in
      let run = try Program.tongzhou.run([
        "demo", "--members", "2", "--years", "1", "--end", "\(end)", "--no-serve", "--data", folder.file("demo"),
      ])
      #expect(run.status == 0, "\(run.errors)")
      for log in ["aid", "heart"] {
        let checkpoint = try String(contentsOf: folder.url("demo/log/\(log)/checkpoint"), encoding: .utf8)
        let times = try checkpoint.split(separator: "\n").filter { $0.contains("/executor ") }.map { line in
          // A cosignature: four bytes for the key, eight for the time, big-endian.
          let bytes = try #require(line.split(separator: " ").last.flatMap { Data(base64Encoded: String($0)) })
          return bytes[4..<12].reduce(0) { $0 << 8 | Int($1) }
        }
        let last = try #require(times.max())
        #expect(last <= end && last > end - 36 * 3600, "\(log)")
      }
    }
  }
}
