internal import FoundationEssentials
internal import SwiftProtobuf

/// An envelope's fields, where they stand in its bytes, with nothing checked but that they read.
struct EnvelopeFields {
  struct Signature {
    var suite: UInt32 = 0
    var publicKey = 0..<0
    var signature = 0..<0
  }

  /// What the places below are places in.
  private(set) var bytes: [UInt8]
  private(set) var body = 0..<0
  /// The sender's signature, and those of others, of whom there are seldom any.
  private(set) var signature: Signature?
  private(set) var further: [Signature] = []
  private(set) var chain = 0..<0
  private(set) var sender = 0..<0
  private(set) var expiry: UInt64 = 0
  private(set) var id = 0..<0
  private(set) var contract = ""
  private(set) var kind: UInt32 = 0
  private(set) var payload = 0..<0
  private(set) var manifest: (count: UInt32, root: Range<Int>)?

  /// Reads an envelope with its body and action; `nil` where one of them does not decode or there is no action.
  ///
  /// - Parameter start: where in the bytes it begins.
  init?(_ bytes: [UInt8], from start: Int = 0) {
    if let plain = EnvelopeFields(plain: bytes, from: start) {
      self = plain
      return
    }
    guard let envelope = try? WireEnvelope(serializedBytes: Array(bytes[start...])),
      let wire = try? WireBody(serializedBytes: envelope.body), wire.hasAction
    else { return nil }
    self.bytes = []
    body = self.bytes.placed(envelope.body)
    for signature in envelope.signatures {
      add(
        Signature(
          suite: signature.suite, publicKey: self.bytes.placed(signature.publicKey),
          signature: self.bytes.placed(signature.signature)))
    }
    chain = self.bytes.placed(wire.chain)
    sender = self.bytes.placed(wire.sender)
    expiry = wire.expiry
    id = self.bytes.placed(wire.id)
    contract = wire.action.contract
    kind = wire.action.kind
    payload = self.bytes.placed(wire.action.payload)
    if wire.hasManifest { manifest = (wire.manifest.count, self.bytes.placed(wire.manifest.root)) }
  }

  /// The same without the library, for the form that writers produce; `nil` for any other.
  init?(plain bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    guard start <= bytes.count, read(bytes.span.bytes, from: start) else { return nil }
  }

  private mutating func add(_ signature: Signature) {
    if self.signature == nil { self.signature = signature } else { further.append(signature) }
  }

  private mutating func read(_ bytes: RawSpan, from start: Int) -> Bool {
    var envelope = PlainMessage(at: start..<bytes.byteCount)
    if let field = envelope.place(1, in: bytes) { body = field }
    while let field = envelope.place(2, in: bytes) {
      var message = PlainMessage(at: field)
      var signature = Signature()
      if let suite = message.uint32(1, in: bytes) { signature.suite = suite }
      if let key = message.place(2, in: bytes) { signature.publicKey = key }
      if let made = message.place(3, in: bytes) { signature.signature = made }
      guard message.isDone else { return false }
      add(signature)
    }
    return envelope.isDone && read(body: bytes)
  }

  private mutating func read(body bytes: RawSpan) -> Bool {
    var message = PlainMessage(at: body)
    if let field = message.place(1, in: bytes) { chain = field }
    if let field = message.place(2, in: bytes) { sender = field }
    if let field = message.uint64(3, in: bytes) { expiry = field }
    if let field = message.place(4, in: bytes) { id = field }
    guard let action = message.place(5, in: bytes) else { return false }
    if let field = message.place(6, in: bytes) {
      var message = PlainMessage(at: field)
      let count = message.uint32(1, in: bytes)
      let root = message.place(2, in: bytes)
      guard message.isDone else { return false }
      manifest = (count ?? 0, root ?? 0..<0)
    }
    return message.isDone && read(action: bytes, at: action)
  }

  private mutating func read(action bytes: RawSpan, at place: Range<Int>) -> Bool {
    var message = PlainMessage(at: place)
    if let field = message.place(1, in: bytes) {
      let text = bytes.extracting(field).withUnsafeBytes { name in
        // Other text than ASCII is left to the library, which knows what is no text at all.
        name.allSatisfy { $0 < 0x80 } ? String(decoding: name, as: UTF8.self) : nil
      }
      guard let text else { return false }
      contract = text
    }
    if let field = message.uint32(2, in: bytes) { kind = field }
    if let field = message.place(3, in: bytes) { payload = field }
    return message.isDone
  }
}
