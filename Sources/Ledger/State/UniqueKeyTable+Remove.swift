public import TransparencyLog

extension UniqueKeyTable {
  /// What a removal did to the ordinals.
  public struct Removal: Equatable, Sendable {
    /// The ordinal that the removed record had.
    public let ordinal: Int
    /// The old ordinal of the record that has the removed one's ordinal now; `nil` if the removed
    /// record was the last, so that none moved. Who keeps ordinals elsewhere must follow.
    public let movedFrom: Int?

    @usableFromInline
    init(ordinal: Int, movedFrom: Int?) {
      self.ordinal = ordinal
      self.movedFrom = movedFrom
    }
  }

  /// Removes the record with a key, or gives `nil` if there is none.
  ///
  /// In this order: the predecessor takes the removed record's link; then, unless the removed record
  /// was the last of the vector, the last one moves into its place, link included, and the record
  /// that linked to the last one links to the new place.
  @inlinable
  @discardableResult
  public mutating func remove(_ key: Hash) -> Removal? {
    guard key != .zero else { return nil }
    let place = locate(key)
    guard let ordinal = place.found else { return nil }
    let next = store[ordinal].next
    store.update(place.predecessor) { $0.next = next }
    index.remove(key, at: ordinal)

    let last = count - 1
    guard ordinal != last else {
      store.removeLast()
      return Removal(ordinal: ordinal, movedFrom: nil)
    }
    // Read after the predecessor was changed: it may be the one that moves.
    let moved = store[last]
    let linking = locate(moved.key).predecessor
    store.update(linking) { $0.next = UInt32(ordinal) }
    store.replace(ordinal, moved)
    store.removeLast()
    index.remove(moved.key, at: last)
    index.insert(moved.key, at: ordinal)
    return Removal(ordinal: ordinal, movedFrom: last)
  }
}
