internal import HeartChain

/// What a sign says, field by field.
struct SignFacts {
  /// A name that stays.
  let kind: String
  let project: UInt32?
  let organisations: [UInt16]
  let unit: GiftUnit?
  let quantity: Int64?
  let events: UInt32?
  let related: Bool?

  init(_ sign: TraceSign) {
    var project: UInt32?
    var organisations: [UInt16] = []
    var unit: GiftUnit?
    var quantity: Int64?
    var events: UInt32?
    var related: Bool?
    switch sign {
    case .undistributed(let number, let of, let left):
      (kind, project, unit, quantity) = ("undistributed", number, of, left)
    case .unplanted(let number, let trees): (kind, project, unit, quantity) = ("unplanted", number, .piece, trees)
    case .silent(let number, _): (kind, project) = ("silent", number)
    case .onlyOverhead(let number, let fen): (kind, project, unit, quantity) = ("only_overhead", number, .fen, fen)
    case .roundTrip(let first, let second, let of, let least, let areRelated):
      (kind, organisations, unit, quantity, related) = ("round_trip", [first, second], of, least, areRelated)
    case .ring(let ring, let least, let areRelated):
      (kind, organisations, unit, quantity, related) = ("ring", ring.organisations, ring.unit, least, areRelated)
    case .overdrawn(let organisation, let count, _):
      (kind, organisations, events) = ("overdrawn", [organisation], count)
    case .repeated(let organisation, let count, _):
      (kind, organisations, events) = ("repeated", [organisation], count)
    }
    self.project = project
    self.organisations = organisations
    self.unit = unit
    self.quantity = quantity
    self.events = events
    self.related = related
  }
}
