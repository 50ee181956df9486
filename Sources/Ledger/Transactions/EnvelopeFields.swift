internal import FoundationEssentials
internal import SwiftProtobuf

/// An envelope's fields as they stand in its bytes, with nothing checked but that they read.
struct EnvelopeFields {
  struct Signature {
    var suite: UInt32 = 0
    var publicKey: ArraySlice<UInt8> = []
    var signature: ArraySlice<UInt8> = []
  }

  var body: ArraySlice<UInt8> = []
  var signatures: [Signature] = []
  var chain: ArraySlice<UInt8> = []
  var sender: ArraySlice<UInt8> = []
  var expiry: UInt64 = 0
  var id: ArraySlice<UInt8> = []
  var contract = ""
  var kind: UInt32 = 0
  var payload: ArraySlice<UInt8> = []
  var manifest: (count: UInt32, root: ArraySlice<UInt8>)?

  /// Reads an envelope with its body and action; `nil` where one of them does not decode or there is no action.
  init?(_ bytes: ArraySlice<UInt8>) {
    if let plain = EnvelopeFields(plain: bytes) {
      self = plain
      return
    }
    guard let envelope = try? WireEnvelope(serializedBytes: Array(bytes)),
      let wire = try? WireBody(serializedBytes: envelope.body), wire.hasAction
    else { return nil }
    body = Array(envelope.body)[...]
    signatures = envelope.signatures.map {
      Signature(suite: $0.suite, publicKey: Array($0.publicKey)[...], signature: Array($0.signature)[...])
    }
    chain = Array(wire.chain)[...]
    sender = Array(wire.sender)[...]
    expiry = wire.expiry
    id = Array(wire.id)[...]
    contract = wire.action.contract
    kind = wire.action.kind
    payload = Array(wire.action.payload)[...]
    manifest = wire.hasManifest ? (wire.manifest.count, Array(wire.manifest.root)[...]) : nil
  }

  /// The same without the library, for the form that writers produce; `nil` for any other.
  init?(plain bytes: ArraySlice<UInt8>) {
    var envelope = PlainMessage(bytes)
    if let field = envelope.bytes(1) { body = field }
    while let field = envelope.bytes(2) {
      var message = PlainMessage(field)
      var signature = Signature()
      if let suite = message.uint32(1) { signature.suite = suite }
      if let key = message.bytes(2) { signature.publicKey = key }
      if let made = message.bytes(3) { signature.signature = made }
      guard message.isDone else { return nil }
      signatures.append(signature)
    }
    guard envelope.isDone else { return nil }
    var message = PlainMessage(body)
    if let field = message.bytes(1) { chain = field }
    if let field = message.bytes(2) { sender = field }
    if let field = message.uint64(3) { expiry = field }
    if let field = message.bytes(4) { id = field }
    guard let action = message.bytes(5) else { return nil }
    if let field = message.bytes(6) {
      var message = PlainMessage(field)
      let count = message.uint32(1)
      let root = message.bytes(2)
      guard message.isDone else { return nil }
      manifest = (count ?? 0, root ?? [])
    }
    guard message.isDone, read(plainAction: action) else { return nil }
  }

  private mutating func read(plainAction bytes: ArraySlice<UInt8>) -> Bool {
    var message = PlainMessage(bytes)
    if let field = message.bytes(1) {
      // Other text than ASCII is left to the library, which knows what is no text at all.
      guard field.allSatisfy({ $0 < 0x80 }) else { return false }
      contract = String(decoding: field, as: UTF8.self)
    }
    if let field = message.uint32(2) { kind = field }
    if let field = message.bytes(3) { payload = field }
    return message.isDone
  }
}
