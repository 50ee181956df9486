import Foundation
import Testing
import TransparencyLog

@testable import Consortium
@testable import Ledger
@testable import TongzhouClient

/// From a pinned policy to the present one, by proofs.
@Suite struct PolicyChangesTests {
  private let story: PolicyStory

  init() throws { story = try PolicyStory() }

  private func head(_ size: UInt64) -> LogHead { LogHead(size: size, root: .sha256([7])) }

  /// Whether these policies accept what some sign for a size.
  private func accepts(
    _ policies: TrustedPolicies, _ signers: [PolicyStory.Organisation], size: UInt64
  ) throws -> Bool {
    let checkpoint = try PolicyStory.checkpoint(head(size), by: signers)
    return (try? policies.verify(checkpoint)) != nil
  }

  @Test("from the genesis along three changes, and back to the file they came in")
  func follows() throws {
    let changes = try PolicyChanges(file: story.changes().packed())
    #expect(try changes == story.changes())
    var policies = try story.policies()
    #expect(try policies.follow(changes, chain: story.chain) == 3)
    #expect(policies.terms.map(\.height) == [0, 3, 5, 8] && policies.terms.map(\.after) == [0, 10, 20, 30])
    #expect(try policies.newest.policy == PolicyStory.policy(story.removed))
    // Known ones are passed over, and the rest is followed later as well as at once.
    #expect(try policies.follow(changes, chain: story.chain) == 0)
    var slow = try story.policies()
    for count in 1...3 {
      var some = changes
      some.changes.removeLast(3 - count)
      #expect(try slow.follow(some, chain: story.chain) == 1)
    }
    #expect(slow == policies)
  }

  @Test("who starts from a policy kept from before goes on from there")
  func startsLater() throws {
    // Three of the three that are left have to sign, whether the fourth is suspended or removed: that is one policy.
    for (organisations, left) in [(story.first, 3), (story.rotated, 2), (story.suspended, 0), (story.removed, 0)] {
      var policies = TrustedPolicies(pinned: try PolicyStory.policy(organisations))
      #expect(try policies.follow(story.changes(), chain: story.chain) == left)
      #expect(try policies.newest.policy == PolicyStory.policy(story.removed))
    }
    var stranger = TrustedPolicies(pinned: try SignedBlock().policy)
    #expect(throws: ProofError(code: .noQuorum)) { try stranger.follow(story.changes(), chain: story.chain) }
  }

  @Test("a checkpoint stands under the policy of its size: nobody counts who was suspended, removed or changed his key")
  func eachItsTime() throws {
    var policies = try story.policies()
    try policies.follow(story.changes(), chain: story.chain)
    let (first, rotated, suspended) = (story.first, story.rotated, story.suspended)
    #expect(try accepts(policies, Array(first[1...]), size: 10))
    #expect(try !accepts(policies, Array(first[1...]), size: 11), "the old key of the third")
    #expect(try accepts(policies, Array(rotated[1...]), size: 20))
    #expect(try !accepts(policies, Array(rotated[1...]), size: 10), "the new key before its time")
    #expect(try !accepts(policies, Array(rotated[1...]), size: 21), "suspended")
    #expect(try accepts(policies, Array(suspended[..<3]), size: 21))
    #expect(try !accepts(policies, Array(suspended[..<2]), size: 30), "n is what it was")
    #expect(try !accepts(policies, Array(rotated[1...]), size: 31), "removed")
    #expect(try accepts(policies, Array(suspended[..<3]), size: 31))
    // One organisation does not count twice, by whatever lines.
    let twice = try PolicyStory.checkpoint(head(31), by: Array(suspended[..<2]))
    let text = head(31).text(origin: PolicyStory.origin)
    let again = try NoteCosigner(name: NoteName("c.example/executor"), seed: suspended[0].keys.cosign.seed)
      .cosign(text: text, timestamp: 2_000)
    #expect(throws: ProofError(code: .noQuorum)) { try policies.verify(twice.adding([again])) }
  }

  @Test("a change that the set before did not certify is not followed")
  func uncertified() throws {
    let (first, rotated) = (story.first, story.rotated)
    let bad = [
      try story.change(to: rotated, height: 3, size: 10, by: Array(first[2...])),
      // By those who come into office by it.
      try story.change(to: rotated, height: 3, size: 10, by: [rotated[0], rotated[2], first[1]]),
    ]
    for change in bad {
      var changes = PolicyChanges(chain: story.chain)
      changes.add(change)
      var policies = try story.policies()
      #expect(throws: ProofError(code: .noQuorum)) { try policies.follow(changes, chain: story.chain) }
      #expect(policies.terms.count == 1)
    }
    // Left out, the first change does not let the second be followed: the third signed with a new key.
    var gap = try story.changes()
    gap.changes.removeFirst()
    var policies = try story.policies()
    #expect(throws: ProofError(code: .noQuorum)) { try policies.follow(gap, chain: story.chain) }
  }

  @Test("a change is of its chain, of all organisations, and of the last block of its checkpoint")
  func bent() throws {
    func refusal(_ bend: (inout PolicyChange) -> Void) throws -> ProofError.Code? {
      var changes = try story.changes()
      bend(&changes.changes[0])
      var policies = try story.policies()
      do throws(ProofError) {
        try policies.follow(changes, chain: story.chain)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(try refusal { _ in } == nil)
    #expect(try refusal { $0.organisations.records.removeLast() } == .notIncluded)
    #expect(try refusal { $0.organisations.records[3].record[50] ^= 1 } == .notIncluded)
    #expect(try refusal { $0.organisations.records.swapAt(0, 1) } == .notIncluded)
    #expect(try refusal { $0.table.name = "officers" } == .notIncluded)
    #expect(try refusal { $0.table.root[0] ^= 1 } == .notIncluded)
    #expect(try refusal { $0.seal.seal[1] ^= 1 } == .notIncluded)
    #expect(try refusal { $0.seal.index -= 1 } == .notIncluded)

    var later = PolicyChanges(chain: story.chain)
    later.add(try story.change(to: story.rotated, height: 3, size: 10, by: Array(story.first[1...]), more: 2))
    var policies = try story.policies()
    #expect(throws: ProofError(code: .notIncluded)) { try policies.follow(later, chain: story.chain) }
    var other = try story.changes()
    other.chain = Hash.sha256([2]).description
    #expect(throws: ProofError(code: .wrongChain)) { try policies.follow(other, chain: story.chain) }
    #expect(throws: ProofError(code: .wrongChain)) { try policies.follow(other, chain: .sha256([2])) }
    var many = try story.changes()
    many.changes = [PolicyChange](repeating: many.changes[0], count: PolicyChanges.maximumCount + 1)
    #expect(throws: ProofError(code: .malformed)) { try policies.follow(many, chain: story.chain) }
  }

  @Test("what was written before a crash gives way to the same block")
  func addedAgain() throws {
    var changes = try story.changes()
    let last = try story.change(to: story.removed, height: 8, size: 30, by: Array(story.suspended[..<3]))
    changes.add(last)
    #expect(try changes == story.changes())
    changes.add(try story.change(to: story.removed, height: 4, size: 12, by: Array(story.rotated[1...])))
    #expect(changes.changes.map(\.unverifiedHeight) == [3, 4])
  }

  @Test("of policies kept by height, those of the checkpoint's height count")
  func kept() throws {
    let kept = KnownPolicies.kept([
      (0, try PolicyStory.policy(story.first)), (3, try PolicyStory.policy(story.rotated)),
      (5, try PolicyStory.policy(story.suspended)),
    ])
    func verify(_ known: KnownPolicies, _ change: PolicyChange) throws -> UInt64 {
      try known.holding(change.seal) { policy throws(ProofError) in
        try change.seal.verify(chain: story.chain, policy: policy).seal.height
      }
    }
    let changes = try story.changes().changes
    #expect(try changes.map { try verify(kept, $0) } == [3, 5, 8])
    // Of block 6, signed with one who was suspended in block 5.
    let bad = try story.change(to: story.first, height: 6, size: 25, by: Array(story.rotated[1...]))
    #expect(throws: ProofError(code: .noQuorum)) { try verify(kept, bad) }
    var policies = try story.policies()
    try policies.follow(story.changes(), chain: story.chain)
    #expect(throws: ProofError(code: .noQuorum)) { try verify(.proven(policies), bad) }
    #expect(try verify(.proven(policies), changes[2]) == 8)
  }
}
