public import TransparencyLog

/// What several sources show of one chain, and whether it can all be true.
public struct Comparison: Sendable {
  /// A checkpoint that fulfils the policy, and where it was seen.
  public struct View: Sendable, Equatable {
    /// The address, or the name of a memory.
    public let source: String
    /// What it says.
    public let checkpoint: Checkpoint
    /// The signed bytes; `nil` where only size and root were remembered.
    public let signed: [UInt8]?

    /// A view of a source.
    public init(source: String, checkpoint: Checkpoint, signed: [UInt8]?) {
      self.source = source
      self.checkpoint = checkpoint
      self.signed = signed
    }
  }

  /// Two views that cannot both be of one log.
  public struct Split: Sendable, Equatable {
    /// The one with fewer entries, or the first of two of one size.
    public let smaller: View
    /// The other.
    public let larger: View
    /// Where the sizes differ, how the larger log begins.
    public let beginning: LogBeginning?

    /// The evidence; `nil` where one of the two was remembered without its signatures.
    public func evidence(chain: Hash) -> SplitView? {
      guard let first = smaller.signed, let second = larger.signed else { return nil }
      return SplitView(
        SplitView.View(source: smaller.source, checkpoint: first),
        SplitView.View(source: larger.source, checkpoint: second), beginning: beginning, chain: chain)
    }
  }

  /// A pair of views of different sizes, which the tiles of the larger one decide.
  public struct Question: Sendable, Equatable {
    /// The view with fewer entries.
    public let smaller: View
    /// The other, whose tiles are asked.
    public let larger: View
  }

  /// The views, those with fewer entries first.
  public let views: [View]

  /// Puts views in order. Those of one size stay in the order they came in.
  public init(_ views: [View]) {
    self.views = views.enumerated().sorted { a, b in
      let (x, y) = (a.element.checkpoint.size, b.element.checkpoint.size)
      return x == y ? a.offset < b.offset : x < y
    }.map(\.element)
  }

  /// Two roots for one size, which needs no more to be shown: one for each root beyond the first of a size.
  public var plainSplits: [Split] {
    var splits: [Split] = []
    for group in groups {
      let different = group.dropFirst().filter { $0.checkpoint.root != group[0].checkpoint.root }
      var seen: [Hash] = []
      for view in different where !seen.contains(view.checkpoint.root) {
        seen.append(view.checkpoint.root)
        splits.append(Split(smaller: group[0], larger: view, beginning: nil))
      }
    }
    return splits
  }

  /// What only tiles decide: every root of a size against the next larger size. If all hold, all views are of one log.
  ///
  /// A view whose bytes were not kept has no tiles, so the ones beside it of that size are asked first.
  public var questions: [Question] {
    var questions: [Question] = []
    for (group, next) in zip(groups, groups.dropFirst()) {
      guard group[0].checkpoint.size > 0, let larger = next.first(where: { $0.signed != nil }) ?? next.first else {
        continue
      }
      var seen: [Hash] = []
      for view in group where !seen.contains(view.checkpoint.root) {
        seen.append(view.checkpoint.root)
        questions.append(Question(smaller: view, larger: larger))
      }
    }
    return questions
  }

  private var groups: [[View]] {
    views.reduce(into: [[View]]()) { groups, view in
      if groups.last?.first?.checkpoint.size == view.checkpoint.size {
        groups[groups.count - 1].append(view)
      } else {
        groups.append([view])
      }
    }
  }
}

extension Comparison.Question {
  /// Asks the larger log's tiles.
  ///
  /// - Returns: the split; `nil` where the larger log goes on from the smaller view.
  /// - Throws: what ``LogBeginning`` throws.
  public func answer(from source: some LogSource) throws -> Comparison.Split? {
    let beginning = try LogBeginning(size: smaller.checkpoint.size, of: larger.checkpoint, in: source)
    guard beginning.root != smaller.checkpoint.root else { return nil }
    return Comparison.Split(smaller: smaller, larger: larger, beginning: beginning)
  }
}
