extension Policy {
  /// Reads a policy file.
  ///
  /// Throws the errors of the other initialiser, those of `VerifierKey`, and `malformedPolicy` for a
  /// line of no known form, a byte other than tab, newline, 0x20...0x7E and 0x80...0xFF, a last line
  /// without its newline, a name used before its line, and no or two quorum lines.
  public init(text: [UInt8]) throws(TransparencyLogError) {
    guard text.count <= Self.maximumByteCount else {
      throw TransparencyLogError(.policyTooLarge, "A policy has at most 8,000,000 bytes.")
    }
    guard text.isEmpty || text.last == LineReader.newline, text.allSatisfy(Self.isPermitted) else {
      throw Self.malformed("A byte is not permitted, or the last line is not ended.")
    }
    var reader = PolicyReader()
    var lines = LineReader(text[...])
    while let line = lines.next() {
      try reader.read(line)
    }
    guard let quorum = reader.quorum else { throw Self.malformed("There is no quorum line.") }
    try self.init(logs: reader.logs, witnesses: reader.witnesses, groups: reader.groups, quorum: quorum)
  }

  private static func isPermitted(_ byte: UInt8) -> Bool {
    byte == 0x09 || byte == 0x0A || (0x20...0x7E).contains(byte) || byte >= 0x80
  }

  /// The policy as a file: logs, witnesses, groups, quorum. Reading it gives an equal policy; comments,
  /// empty lines and the order of a file that was read are not kept.
  public var text: [UInt8] {
    var lines: [[[UInt8]]] = []
    for log in logs {
      lines.append([Array("log".utf8), log.key.text] + (log.url.map { [$0] } ?? []))
    }
    for witness in witnesses {
      lines.append(
        [Array("witness".utf8), witness.name, witness.key.text] + (witness.url.map { [$0] } ?? []))
    }
    for group in groups {
      let threshold = DecimalText.encode(UInt64(group.threshold))
      lines.append([Array("group".utf8), group.name, threshold] + group.members)
    }
    switch quorum {
    case .none: lines.append([Array("quorum".utf8), Array("none".utf8)])
    case .named(let name): lines.append([Array("quorum".utf8), name])
    }
    return lines.flatMap { $0.joined(separator: [UInt8(ascii: " ")]) + [LineReader.newline] }
  }
}

/// Collects the lines of a policy file. What the lines say together is checked by `Policy.init`; here
/// only what depends on their order.
private struct PolicyReader {
  var logs: [Policy.Log] = []
  var witnesses: [Policy.Witness] = []
  var groups: [Policy.Group] = []
  var quorum: Policy.Quorum?
  private var defined: Set<[UInt8]> = []

  mutating func read(_ line: ArraySlice<UInt8>) throws(TransparencyLogError) {
    let items = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard let keyword = items.first, keyword.first != UInt8(ascii: "#") else { return }
    let rest = items.dropFirst().map { Array($0) }
    if keyword.elementsEqual("log".utf8), (1...2).contains(rest.count) {
      try checkRoom(logs.count)
      logs.append(Policy.Log(key: try VerifierKey(text: rest[0]), url: rest.count > 1 ? rest[1] : nil))
    } else if keyword.elementsEqual("witness".utf8), (2...3).contains(rest.count) {
      try checkRoom(witnesses.count)
      let key = try VerifierKey(text: rest[1])
      witnesses.append(Policy.Witness(name: rest[0], key: key, url: rest.count > 2 ? rest[2] : nil))
      defined.insert(rest[0])
    } else if keyword.elementsEqual("group".utf8), rest.count >= 3 {
      try checkRoom(groups.count)
      try readGroup(rest)
    } else if keyword.elementsEqual("quorum".utf8), rest.count == 1, quorum == nil {
      try readQuorum(rest[0])
    } else {
      throw Policy.malformed("A line has no known form, or is a second quorum line.")
    }
  }

  private mutating func readGroup(_ items: [[UInt8]]) throws(TransparencyLogError) {
    let members = Array(items[2...])
    // Definitions may stand in any order among themselves, but a member's must stand before its use.
    guard members.allSatisfy(defined.contains) else {
      throw Policy.malformed("A member is used before it is defined.")
    }
    let threshold: Int
    if items[1].elementsEqual("all".utf8) {
      threshold = members.count
    } else if items[1].elementsEqual("any".utf8) {
      threshold = 1
    } else if let written = DecimalText.decode(items[1], maximum: UInt64(members.count)) {
      threshold = Int(written)
    } else {
      throw Policy.malformed("A group's threshold is not all, any or 1 up to the number of its members.")
    }
    groups.append(Policy.Group(name: items[0], threshold: threshold, members: members))
    defined.insert(items[0])
  }

  private mutating func readQuorum(_ name: [UInt8]) throws(TransparencyLogError) {
    if name.elementsEqual("none".utf8) {
      quorum = Policy.Quorum.none
      return
    }
    guard defined.contains(name) else { throw Policy.malformed("The quorum's name is not defined.") }
    quorum = .named(name)
  }

  private func checkRoom(_ count: Int) throws(TransparencyLogError) {
    guard count < Policy.maximumCount else {
      throw TransparencyLogError(.policyTooLarge, "A policy has at most 256 logs, witnesses and groups each.")
    }
  }
}
