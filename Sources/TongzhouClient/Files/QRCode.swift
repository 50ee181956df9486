internal import CQREncode

/// A QR code symbol (ISO/IEC 18004): a square of dark and light modules, made by libqrencode.
package struct QRCode: Hashable, Sendable {
  /// How much of a symbol may be lost before it cannot be read.
  package enum Correction: Sendable {
    /// About 7 %, for a screen, and where every byte counts.
    case low
    /// About 15 %, for paper.
    case medium
  }

  /// The most bytes of a symbol: the largest, version 40, with the least correction.
  package static let mostBytes = 2_953
  /// Light modules that belong around a symbol on every side.
  package static let quietZone = 4

  /// Modules of a side, without the light ones around.
  package let width: Int
  /// The modules, row by row; `true` for a dark one.
  package let modules: [Bool]

  /// The smallest symbol that holds these bytes as they are; `nil` for none, and for more than fit.
  package init?(_ bytes: [UInt8], correction: Correction) {
    let level: QRecLevel = correction == .low ? QR_ECLEVEL_L : QR_ECLEVEL_M
    guard (1...QRCode.mostBytes).contains(bytes.count),
      let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, level)
    else { return nil }
    defer { QRcode_free(code) }
    let side = Int(code.pointee.width)
    guard let data = code.pointee.data else { return nil }
    width = side
    // The lowest bit of each byte is the module; the others say what it is for.
    modules = (0..<side * side).map { data[$0] & 1 == 1 }
  }

  /// The symbol as a picture in SVG: dark on light, whatever the page around it is like.
  package var svg: String {
    let side = width + 2 * QRCode.quietZone
    var path = ""
    for row in 0..<width {
      var column = 0
      while column < width {
        let run = modules[(row * width + column)..<((row + 1) * width)].prefix { $0 }.count
        if run > 0 { path += "M\(column + QRCode.quietZone) \(row + QRCode.quietZone)h\(run)v1h-\(run)z" }
        column += max(1, run)
      }
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" width="\(side * 4)" height="\(side * 4)" \
      shape-rendering="crispEdges"><path fill="#fff" d="M0 0h\(side)v\(side)H0z"/><path fill="#000" d="\(path)"/></svg>

      """
  }
}
