import FoundationEssentials
import SwiftProtobuf
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

/// Envelopes, batches and entries against damaged bytes: nothing that was not signed is ever taken for signed.
struct TransactionFuzzTests {
  private let envelopes: Envelopes

  init() throws { envelopes = try Envelopes() }

  /// Envelopes with and without a manifest and further signatures.
  private func samples() throws -> [[UInt8]] {
    let plain = try envelopes.body()
    let rows = try envelopes.body { body in
      body.manifest.count = 2
      body.manifest.root = Data(Hash.sha256([2]).bytes)
    }
    let cosigned = try envelopes.envelope(rows) { envelope in
      envelope.signatures.append(try envelopes.signature(rows, by: envelopes.other))
    }
    return [try envelopes.envelope(plain), try envelopes.envelope(rows), cosigned]
  }

  @Test("damaged envelopes are refused, or say exactly what was signed", arguments: [1, 2, 3, 4] as [UInt64])
  func envelopesNeverTrap(seed: UInt64) throws {
    let samples = try samples()
    let bodies = try samples.map { try WireEnvelope(serializedBytes: $0).body }
    let meanings = try samples.map { try envelopes.verify($0).meaning }
    var damage = Damage(seed: seed)
    var codes: [ErrorCode: Int] = [:]
    for round in 0..<4_000 {
      let good = damage.pick(samples)
      let bytes = round % 2 == 0 ? damage.damagedMessage(good) : damage.input(from: samples)
      do throws(LedgerError) {
        let transaction = try envelopes.verify(bytes)
        #expect(transaction.envelope == bytes)
        // What still verifies was changed around the signed body at most.
        #expect(meanings.contains(transaction.meaning), "seed \(seed), round \(round)")
        let body = (try? WireEnvelope(serializedBytes: bytes))?.body
        #expect(body.map { bodies.contains($0) } == true, "seed \(seed), round \(round)")
        codes[.success, default: 0] += 1
      } catch {
        codes[error.code, default: 0] += 1
      }
    }
    for code in [.malformed, .badSignature, .badKey, .unknownSuite, .wrongChain] as [ErrorCode] {
      #expect(codes[code, default: 0] > 0, "\(code.name) was never met, seed \(seed)")
    }
  }

  @Test("a damaged body never verifies under the old signature", arguments: [1, 2, 3] as [UInt64])
  func bodiesNeverVerify(seed: UInt64) throws {
    let body = try envelopes.body()
    let signature = try envelopes.signature(body, by: envelopes.key)
    var damage = Damage(seed: seed)
    for round in 0..<3_000 {
      let changed = round % 2 == 0 ? damage.damagedMessage(body) : damage.damaged(body)
      guard changed != body else { continue }
      let code = envelopes.refusal(try envelopes.envelope(changed) { $0.signatures = [signature] })
      #expect(code != nil, "seed \(seed), round \(round)")
    }
  }

  @Test("a damaged body that is signed anew is a transaction or an error", arguments: [1, 2, 3] as [UInt64])
  func signedBodiesNeverTrap(seed: UInt64) throws {
    let body = try envelopes.body { body in
      body.manifest.count = 2
      body.manifest.root = Data(Hash.sha256([2]).bytes)
    }
    var damage = Damage(seed: seed)
    var verified = 0
    for round in 0..<3_000 {
      let changed = round % 2 == 0 ? damage.damagedMessage(body) : damage.damaged(body)
      do throws(LedgerError) {
        guard let bytes = try? envelopes.envelope(changed) else { continue }
        let transaction = try envelopes.verify(bytes)
        verified += 1
        #expect(transaction.expiry <= .max && transaction.id.count == 16)
        #expect(transaction.action.contract.utf8.count <= 32)
      } catch {
        #expect(
          [.malformed, .wrongChain, .badTime, .tooLarge].contains(error.code), "\(error), seed \(seed), round \(round)")
      }
    }
    #expect((300..<3_000).contains(verified), "\(verified) verified, seed \(seed)")
  }

  @Test("damaged batches are refused, or are the batch that was signed", arguments: [1, 2, 3] as [UInt64])
  func batchesNeverTrap(seed: UInt64) throws {
    let organisations = try Organisations(4)
    let chain = try organisations.chainWithOneBlock()
    let key = organisations.keys[0].vote.publicKey
    let transactions = try [organisations.transaction(2), organisations.transaction(3)]
    let good = try organisations.batch(after: chain, transactions)
    let empty = try organisations.batch(after: chain)
    let samples = [good.encoded(), empty.encoded()]
    let headers = [good.unsignedHeader, empty.unsignedHeader]
    let entries = [good.entries, empty.entries]
    var damage = Damage(seed: seed)
    var read = 0
    for round in 0..<6_000 {
      let bytes = round % 2 == 0 ? damage.damagedMessage(damage.pick(samples)) : damage.input(from: samples)
      do throws(LedgerError) {
        let batch = try Batch(decoding: bytes)
        read += 1
        let again = try Batch(decoding: batch.encoded())
        #expect(again.hash == batch.hash && again.entries == batch.entries)
        #expect(PreparedBatch(batch, chain: chain.id).items.count == batch.entries.count)
        guard batch.isSigned(by: key) else { continue }
        #expect(
          headers.contains(batch.unsignedHeader) && entries.contains(batch.entries), "seed \(seed), round \(round)")
      } catch {
        #expect([.badBatch, .malformed, .badKey, .badTime].contains(error.code), "seed \(seed), round \(round)")
      }
    }
    #expect((10..<6_000).contains(read), "read \(read), seed \(seed)")
  }

  @Test("any bytes are an entry that a block can hold", arguments: [1, 2] as [UInt64])
  func entriesNeverTrap(seed: UInt64) throws {
    let organisations = try Organisations(1)
    let chain = try organisations.chain()
    let rows = try RowEntries.pack([[1], [2, 3], [UInt8](repeating: 4, count: 90)])
    let samples = [try organisations.transaction(1).entry, try organisations.transaction(2).entry] + rows
    var damage = Damage(seed: seed)
    for round in 0..<100 {
      var entries: [[UInt8]] = []
      for _ in 0..<30 {
        let entry = damage.input(from: samples)
        guard (2...Entry.maximumBytes).contains(entry.count) else { continue }
        if entry[0] == EntryKind.transaction.rawValue || entry[0] == EntryKind.rows.rawValue { entries.append(entry) }
      }
      let header = Header(
        chain: chain.id, epoch: 0, sequence: 1, previous: chain.id, certificate: [], proposer: 0)
      let batch = try Batch(header, entries: entries, signedBy: organisations.keys[0].vote)
      let certificate = try chain.validate(batch, at: 1)
      let block = try chain.execute(PreparedBatch(batch, chain: chain.id), certificate: certificate)
      #expect(block.codes.count == entries.count, "seed \(seed), round \(round)")
      for (entry, codes) in zip(entries, block.codes) {
        // One code for a transaction or for rows that do not unpack, else one for each row.
        let rows = entry[0] == EntryKind.rows.rawValue ? RowEntries.unpack(entry) : nil
        #expect(codes.count == rows?.count ?? 1, "seed \(seed), round \(round)")
      }
      let transactions = entries.filter { $0[0] == EntryKind.transaction.rawValue }
      #expect(block.seal.transactions == UInt32(transactions.count))
    }
  }
}
