import Foundation
import TestSupport

/// Base64 as Foundation writes it: the verifiers' own must not say what a test asks.
enum PlainBase64 {
  /// The bytes; `nil` for what is no base64 of at least one byte.
  static func plain(_ text: String) -> [UInt8]? {
    guard !text.isEmpty, let data = Data(base64Encoded: text) else { return nil }
    return Array(data)
  }

  static func written(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}

/// What a mutator does to bytes: records, entries, hashes, whole files.
enum ByteMutations {
  /// The bytes flipped, cut, repeated and swapped, and with the numbers inside them made a bit or much larger.
  static func all(of bytes: [UInt8], _ dice: inout SeededGenerator) -> [(name: String, bytes: [UInt8])] {
    var found: [(name: String, bytes: [UInt8])] = []
    func any() -> Int { Int(dice.next() % UInt64(max(1, bytes.count))) }
    func add(_ name: String, _ change: (inout [UInt8]) -> Void) {
      var copy = bytes
      change(&copy)
      found.append((name, copy))
    }
    guard !bytes.isEmpty else { return [("add a byte", [0])] }
    for place in [0, bytes.count - 1, any(), any(), any()] {
      let bit = UInt8(1) << UInt8(dice.next() % 8)
      add("flip bit \(bit) at \(place)") { $0[place] ^= bit }
    }
    for place in [any(), any()] {
      add("one more at \(place)") { $0[place] &+= 1 }
      add("one less at \(place)") { $0[place] &-= 1 }
      add("huge at \(place)") { copy in
        for index in place..<min(place + 8, copy.count) { copy[index] = index == place ? 0x7f : 0xff }
      }
      add("nothing at \(place)") { copy in
        for index in place..<min(place + 8, copy.count) { copy[index] = 0 }
      }
      add("cut at \(place)") { $0.remove(at: place) }
      add("repeat at \(place)") { $0.insert(bytes[place], at: place) }
    }
    let half = bytes.count / 2
    add("cut the first") { $0.removeFirst() }
    add("cut the last") { $0.removeLast() }
    add("cut the second half") { $0.removeLast(bytes.count - half) }
    add("cut all") { $0 = [] }
    add("repeat all") { $0 += bytes }
    add("repeat the last") { $0.append(bytes[bytes.count - 1]) }
    add("a byte more") { $0.append(0) }
    add("swap the halves") { $0 = Array(bytes[half...] + bytes[..<half]) }
    add("reverse") { $0.reverse() }
    add("all zero") { $0 = [UInt8](repeating: 0, count: bytes.count) }
    add("all ones") { $0 = [UInt8](repeating: 0xff, count: bytes.count) }
    return found
  }

  /// Base64 in forms that lax readers take for the same bytes, or for others.
  static func forms(of text: String) -> [(name: String, text: String)] {
    let body = String(text.prefix { $0 != "=" })
    let padding = text.dropFirst(body.count)
    var found = [
      ("padding cut", body), ("padding repeated", text + "="), ("padding first", "=" + text),
      ("a line end", text + "\n"),
      ("a space inside", String(text.prefix(4)) + " " + text.dropFirst(4)), ("four more", text + "AAAA"),
      ("nothing but padding", "===="),
      ("letters of addresses", text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : String($0) }.joined()),
    ]
    if !padding.isEmpty, let last = body.utf8.last {
      found.append(("a bit to spare", String(body.dropLast()) + String(UnicodeScalar(last + 1)) + padding))
    }
    return found
  }
}
