import Consortium
import Foundation
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger
@testable import MutualAid

/// Keys with which a signature proves nothing.
enum SmallOrder {
  /// Every encoding of the points whose order divides 8, canonical or not, and a y that is not below p.
  static let keys: [[UInt8]] = [
    key([0], fill: 0, last: 0), key([1], fill: 0, last: 0), key([0xEC], fill: 0xFF, last: 0x7F),
    key([0xED], fill: 0xFF, last: 0x7F), key([0xEE], fill: 0xFF, last: 0x7F), key([0xFF], fill: 0xFF, last: 0x7F),
    order8, order8Other,
  ].flatMap { key in [key, key.dropLast() + [key[31] | 0x80]] }

  private static let order8: [UInt8] = [
    0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
    0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
  ]
  private static let order8Other: [UInt8] = [
    0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
    0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
  ]

  private static func key(_ first: [UInt8], fill: UInt8, last: UInt8) -> [UInt8] {
    first + [UInt8](repeating: fill, count: 30) + [last]
  }

  /// The neutral point as a key: under it this signature verifies for every message.
  static let neutral = keys[2]
  /// R the neutral point, S zero.
  static let forgery = [1] + [UInt8](repeating: 0, count: 63)

  static func signature(by key: [UInt8]) -> WireSignature {
    var signature = WireSignature()
    signature.suite = SignatureSuite.ed25519.rawValue
    signature.publicKey = Data(key)
    signature.signature = Data(forgery)
    return signature
  }

  /// A signature with the group's order added to its S: it says the same and is not canonical.
  static func raised(_ signature: Data) -> Data {
    let order: [UInt8] =
      [
        0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
      ] + [UInt8](repeating: 0, count: 15) + [0x10]
    var bytes = Array(signature)
    var carry = 0
    for index in 0..<32 {
      carry += Int(bytes[32 + index]) + Int(order[index])
      bytes[32 + index] = UInt8(carry & 255)
      carry >>= 8
    }
    return Data(bytes)
  }
}

@Suite struct SmallOrderTests {
  @Test("a forged signature verifies under a key of small order, for any message")
  func forged() {
    for message in [[], [1], Array("anything".utf8)] as [[UInt8]] {
      #expect(Ed25519.verify(signature: SmallOrder.forgery, message: message, key: SmallOrder.neutral))
    }
  }

  @Test("so nobody acts by such a key, even where the identity authority attested it", arguments: SmallOrder.keys)
  func join(key: [UInt8]) throws {
    var village = try Village.fresh()
    let owner = Address(suite: .ed25519, publicKey: key)
    var row = try TestPerson(20).attestation(plan: 0)
    row.owner = owner
    let action = try TestChain.join(village.chain.attest([row], plan: 0)[0])
    let unsigned = try UnsignedTransaction(
      chain: village.chain.chain.id, sender: owner, expiry: village.soon, id: [UInt8](repeating: 7, count: 16),
      action: action)
    var envelope = WireEnvelope()
    envelope.body = Data(unsigned.body)
    envelope.signatures = [SmallOrder.signature(by: key)]
    let entry = Entry.make(.transaction, try encodedBytes(of: envelope))
    try expectRefused([entry], on: village.chain, code: .badKey)
  }

  @Test("no officer starts with such a key", arguments: SmallOrder.keys)
  func genesis(key: [UInt8]) throws {
    var officer = WireOfficerEntry()
    officer.suite = SignatureSuite.ed25519.rawValue
    officer.publicKey = Data(key)
    var organisation = WireOrganisationEntry()
    organisation.name = "platform.example"
    organisation.roles = UInt32(Role.platform.rawValue)
    organisation.officers = [officer]
    var wire = WireConsortiumGenesis()
    wire.organisations = [organisation]
    let genesis = try Genesis(
      name: "aid", origin: "log.example/aid", time: TestNetwork.start, limits: Limits(),
      contracts: [(Consortium.name, try encodedBytes(of: wire)), (MutualAid.name, [])])
    #expect(throws: LedgerError(.badKey, "")) { try AidChain(genesis: genesis) }
  }
}
