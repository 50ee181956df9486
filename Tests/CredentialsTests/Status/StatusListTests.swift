import Crypto
import Foundation
import Testing

@testable import Credentials

/// The examples are those of draft-ietf-oauth-status-list-21, sections 4.1 and 4.2.
@Suite struct StatusListTests {
  private static let oneBit: [UInt8] = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
  private static let twoBits: [UInt8] = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]

  @Test("the draft's examples are written and read to the byte", arguments: [1, 2])
  func vectors(bits: Int) throws {
    let states = bits == 1 ? Self.oneBit : Self.twoBits
    var list = try StatusList(bits: bits, count: states.count)
    for (place, state) in states.enumerated() { try list.set(#require(StatusList.Status(rawValue: state)), at: place) }
    #expect(list.bytes == (bits == 1 ? [0xB9, 0xA3] : [0xC9, 0x44, 0xF9]))
    let text = try list.compressed()
    #expect(text == (bits == 1 ? "eNrbuRgAAhcBXQ" : "eNo76fITAAPfAgc"))
    let read = try StatusList(bits: bits, compressed: text)
    #expect(read == list && states.indices.allSatisfy { read[$0]?.rawValue == states[$0] })
    #expect(read[read.count] == nil && read[-1] == nil)
  }

  @Test func aListThatIsNotCompressedAtAll() throws {
    #expect(try StatusList(bits: 1, compressed: "eAEBAgD9_7mjAhcBXQ").bytes == [0xB9, 0xA3])
  }

  @Test func limits() throws {
    let malformed = CredentialError(.malformed, "")
    for text in ["", "eNrbuRgAAhcBXA", "eNrbuRgAAhcBXQAA", "AAAA", "eNo="] {
      #expect(throws: malformed) { try StatusList(bits: 1, compressed: text) }
    }
    #expect(throws: malformed) { try StatusList(bits: 4, compressed: "eNrbuRgAAhcBXQ") }
    #expect(throws: CredentialError(.badSettings, "")) { try StatusList(bits: 1, count: 0) }
    #expect(throws: CredentialError(.badSettings, "")) { try StatusList(bits: 2, count: 4 * (1 << 20) + 1) }
    var list = try StatusList(bits: 1, count: 8)
    #expect(throws: CredentialError(.badSettings, "")) { try list.set(.suspended, at: 0) }
    #expect(throws: CredentialError(.badSettings, "")) { try list.set(.invalid, at: 8) }
    // The longest list is read; what would be one byte longer is not, however short its text.
    let longest = try StatusList(bits: 1, count: 8 << 20).compressed()
    #expect(try StatusList(bits: 1, compressed: longest).count == 8 << 20)
    #expect(throws: malformed) { try StatusList(bits: 1, compressed: Self.bomb) }
  }

  /// 1 MiB and one byte of zeros, compressed with Python's zlib at level 9.
  private static let bomb =
    "eNrtwTEBAAAAwqD1T20IX6" + String(repeating: "A", count: 1355)
    + "E4DAPEAAQ"

  @Test func everyTokenIsCheckedAsACredentialIs() async throws {
    let scene = try await Scene()
    let token = try await StatusListToken.sign(
      StatusList(bits: 1, count: 16), uri: Scene.list, by: scene.issuer, at: Scene.now)
    func code(_ token: String, at time: Int64 = Scene.now) async -> CredentialError.Code? {
      do throws(CredentialError) {
        _ = try await VerifiedStatusList(token: token, issuers: scene.issuers, at: time)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(await code(token) == nil)
    #expect(await code(token, at: Scene.now + 86_399) == nil)
    #expect(await code(token, at: Scene.now + 86_400) == .statusStale)
    #expect(await code(token, at: Scene.now - 61) == .notYetValid)
    #expect(await code(scene.credential.token.text) == .wrongType)
    let stranger = try IssuerKey(issuer: scene.issuer.issuer)
    let foreign = try await StatusListToken.sign(
      StatusList(bits: 1, count: 16), uri: Scene.list, by: stranger, at: Scene.now)
    #expect(await code(foreign) == .unknownKey)
    let read = try await VerifiedStatusList(token: token, issuers: scene.issuers, at: Scene.now)
    #expect(read.uri == Scene.list && read.refreshes == Scene.now + 900 && read.list.count == 16)
    // However long its issuer says that it holds.
    let claims = #"{"sub":"a","iat":\#(Scene.now),"exp":9999999999,"status_list":{"bits":1,"lst":"eNrbuRgAAhcBXQ"}}"#
    let header = #"{"alg":"EdDSA","typ":"statuslist+jwt","kid":"\#(scene.issuer.kid)"}"#
    let long = try Scene.token(header, claims, by: scene.issuer.key)
    #expect(await code(long) == nil)
    #expect(await code(long, at: Scene.now + 86_400) == .statusStale)
  }
}
