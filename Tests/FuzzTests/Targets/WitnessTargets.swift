import TestSupport
import TransparencyLog

extension FuzzTarget {
  /// What strangers send to a witness, and what witnesses answer.
  static let witnessTargets: [FuzzTarget] = [
    FuzzTarget("add-checkpoint", seeds: requests) { bytes in
      guard let request = try? AddCheckpointRequest(bytes) else { return false }
      try hold(request.bytes == bytes, "a request is written as other bytes")
      let (log, last) = (try WitnessedLog(), try WitnessedLog().cosigned(7))
      guard request.origin == last.checkpoint.origin else { return true }
      if case .accept(let accepted) = log.rules.decide(request, last: last) {
        // The log signed nothing else that goes on from there.
        let texts = try [7, 9, 40].map { try log.checkpoint($0).note.text }
        try hold(texts.contains(accepted.signed.note.text), "a witness accepts what nobody signed")
      }
      return true
    },
    FuzzTarget("witness-answer", seeds: answers) { bytes in
      let log = try WitnessedLog()
      let checkpoint = try log.checkpoint(9)
      let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return false }
      // The status as one byte: cosigned, another size, or anything else.
      let status = [0x32: 200, 0x34: 409][Int(parts[0].first ?? 0)] ?? Int(parts[0].first ?? 0) * 4
      var submission = CheckpointSubmission(checkpoint, to: log.cosigner.verifierKey, knownSize: 7)
      switch submission.receive(.init(status: status, contentType: "text/x.tlog.size", body: Array(parts[1]))) {
      case .keep(let lines):
        let merged = try checkpoint.adding(lines)
        try hold(
          reads { _ = try merged.cosignatureTimestamp(of: log.cosigner.verifierKey) }, "a line is kept unverified")
        return true
      case .ask(let size):
        try hold(size <= 9 && size != 7, "a size is gone on from that leads nowhere")
        return true
      case .stop: return false
      }
    },
  ]

  private static func requests() throws -> [[UInt8]] {
    let log = try WitnessedLog()
    return try [(7, 7), (7, 9), (7, 40), (0, 0)].map { try log.request($0.0, $0.1).bytes }
  }

  private static func answers() throws -> [[UInt8]] {
    let log = try WitnessedLog()
    let line = try log.checkpoint(9).cosignature(by: log.cosigner, at: 1_800_000_000).line
    return [[0x32, 0] + line, [0x34, 0] + Array("8\n".utf8), [0x34, 0] + Array("9\n".utf8)]
  }
}
