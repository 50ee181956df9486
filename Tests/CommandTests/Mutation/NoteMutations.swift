import TestSupport

/// What a mutator does to a signed checkpoint, line by line.
enum NoteMutations {
  static func all(of note: String, _ dice: inout SeededGenerator) -> [(name: String, text: String)] {
    let lines = note.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var found: [(name: String, text: String)] = []
    func add(_ name: String, _ change: (inout [String]) -> Void) {
      var copy = lines
      change(&copy)
      found.append((name, copy.joined(separator: "\n")))
    }
    for index in lines.indices {
      add("cut line \(index)") { $0.remove(at: index) }
      add("repeat line \(index)") { $0.insert(lines[index], at: index) }
      add("space behind line \(index)") { $0[index] += " " }
      add("return behind line \(index)") { $0[index] += "\r" }
      add("empty line before \(index)") { $0.insert("", at: index) }
      if index > 0 { add("swap lines \(index - 1) and \(index)") { $0.swapAt(index - 1, index) } }
    }
    if lines.count > 2 {
      for size in ["0", "-1", "+1", "0" + lines[1], lines[1] + "0", "9223372036854775808", "1e3", lines[1] + ".0"] {
        add("size \(size)") { $0[1] = size }
      }
      if let size = UInt64(lines[1]) {
        add("size one more") { $0[1] = "\(size + 1)" }
        add("size one less") { $0[1] = "\(size - 1)" }
      }
      add("an extension") { $0.insert("more", at: 3) }
    }
    let signed = lines.indices.filter { lines[$0].hasPrefix("\u{2014} ") }
    for index in signed {
      let parts = lines[index].split(separator: " ").map(String.init)
      guard parts.count == 3, let blob = PlainBase64.plain(parts[2]), let other = signed.first(where: { $0 != index }),
        let next = lines[other].split(separator: " ").map(String.init) as [String]?, next.count == 3
      else { continue }
      func line(_ name: String, _ base64: String) -> String { "\u{2014} \(name) \(base64)" }
      add("line \(index) under the name of \(other)") { $0[index] = line(next[1], parts[2]) }
      add("line \(index) with the signature of \(other)") { $0[index] = line(parts[1], next[2]) }
      add("line \(index) in another's place") { $0[other] = lines[index] }
      add("line \(index) under a name in capitals") { $0[index] = line(parts[1].uppercased(), parts[2]) }
      add("line \(index) with another dash") { $0[index] = "- \(parts[1]) \(parts[2])" }
      for bent in ByteMutations.all(of: blob, &dice) {
        add("line \(index), \(bent.name)") { $0[index] = line(parts[1], PlainBase64.written(bent.bytes)) }
      }
      for form in ByteMutations.forms(of: parts[2]) {
        add("line \(index), \(form.name)") { $0[index] = line(parts[1], form.text) }
      }
      // The same signature once more under another key ID, as if it were another's.
      add("line \(index) again with another key ID") { copy in
        var again = blob
        again[0] ^= 1
        copy.insert(line(parts[1], PlainBase64.written(again)), at: index)
      }
      add("line \(index) again at another time") { copy in
        var again = blob
        if again.count > 11 { again[11] ^= 1 }
        copy.insert(line(parts[1], PlainBase64.written(again)), at: index)
      }
      add("line \(index) a hundred times") { $0 += [String](repeating: lines[index], count: 100) }
    }
    return found
  }
}
