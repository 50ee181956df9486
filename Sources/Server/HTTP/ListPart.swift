/// The beginning of a list, which may go on.
struct ListPart<Element> {
  let shown: ArraySlice<Element>
  /// The last one that is shown, behind which the list goes on; `nil` at its end.
  let last: Element?

  /// - Parameters:
  ///   - limit: how many are shown.
  ///   - read: reads at most so many; one more than is shown says whether there are more.
  init(upTo limit: Int, _ read: (_ limit: Int) throws -> [Element]) rethrows {
    let found = try read(limit + 1)
    shown = found.prefix(limit)
    last = found.count > limit ? shown.last : nil
  }
}
