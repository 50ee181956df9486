internal import Ledger
internal import Node

/// How many organisations have to sign, and what that is good for, in words.
enum QuorumWords {
  /// How many there are, and how many suffice.
  static func rule(_ scope: PageScope) -> String {
    let endorsers = scope.view.certifiers
    return scope.texts.count("quorum_text", endorsers.count, ["q": "\(endorsers.quorum)"])
  }

  /// How many of them may lie.
  static func promise(_ scope: PageScope) -> String {
    let endorsers = scope.view.certifiers
    guard endorsers.count > 1 else { return scope.texts.say("quorum_single") }
    return scope.texts.count("quorum_promise", endorsers.tolerated, ["f": "\(endorsers.tolerated)"])
  }
}
