/// An event of EPCIS 2.0, as far as the way of gifts needs it.
///
/// Fields that say nothing of a gift (sensors, certificates, persistent dispositions, transformation ids) are read for
/// the event's hash and not kept.
public struct EPCISEvent: Hashable, Sendable {
  /// The types of events that are read and written.
  public enum Kind: String, Sendable, CaseIterable {
    /// Things were made, seen or ended.
    case object = "ObjectEvent"
    /// Things went into a container, or came out.
    case aggregation = "AggregationEvent"
    /// Things became other things.
    case transformation = "TransformationEvent"
  }

  /// What an event means for the life of what it names.
  public enum Action: String, Sendable, CaseIterable {
    /// It begins, or goes in.
    case add = "ADD"
    /// It is seen.
    case observe = "OBSERVE"
    /// It ends, or comes out.
    case delete = "DELETE"
  }

  /// Some of a class of things.
  public struct Quantity: Hashable, Sendable {
    /// The class: for us a lot, by our URI or by its sender's.
    public var epcClass: String
    /// How many of the unit; `nil` where nothing is said.
    public var number: ExactDecimal?
    /// Code of the unit; `nil` where things are counted.
    public var uom: String?

    /// A quantity.
    public init(_ epcClass: String, number: ExactDecimal? = nil, uom: String? = nil) {
      self.epcClass = epcClass
      self.number = number
      self.uom = uom
    }
  }

  /// Something with a type: a source, a destination, a business transaction.
  public struct Typed: Hashable, Sendable {
    /// The type in its bare form, or a URI.
    public var type: String?
    /// A URI.
    public var value: String

    /// A typed value.
    public init(_ type: String?, _ value: String) {
      self.type = type
      self.value = value
    }
  }

  /// What says that an event with the same id was wrong.
  public struct ErrorDeclaration: Hashable, Sendable {
    /// When it was found out.
    public var time: EPCISTime
    /// `did_not_occur`, `incorrect_data` or a URI.
    public var reason: String?
    /// Events that say it right.
    public var correctedBy: [String]

    /// A declaration.
    public init(time: EPCISTime, reason: String? = nil, correctedBy: [String] = []) {
      self.time = time
      self.reason = reason
      self.correctedBy = correctedBy
    }
  }

  /// Which type it is.
  public var kind: Kind
  /// `nil` for transformations, which have none.
  public var action: Action?
  /// When it happened.
  public var time: EPCISTime
  /// Where the clocks stood.
  public var offset: EPCISOffset
  /// When it was recorded; set by us only.
  public var recordTime: EPCISTime?
  /// Its own name; a URI.
  public var id: String?
  /// Set where it says that an earlier event was wrong.
  public var errorDeclaration: ErrorDeclaration?
  /// The container of an aggregation.
  public var parent: String?
  /// Single things; of an aggregation the children, of a transformation what goes in.
  public var epcs: [String] = []
  /// Quantities; of an aggregation the children, of a transformation what goes in.
  public var quantities: [Quantity] = []
  /// Single things that come out of a transformation.
  public var outputEPCs: [String] = []
  /// Quantities that come out of a transformation.
  public var outputQuantities: [Quantity] = []
  /// What was done: a bare name of ``CoreVocabulary/bizStep``, or a URI.
  public var bizStep: String?
  /// In what state things are afterwards, in the same form.
  public var disposition: String?
  /// Where it was recorded; a URI.
  public var readPoint: String?
  /// Where things are afterwards; a URI.
  public var bizLocation: String?
  /// Business transactions.
  public var transactions: [Typed] = []
  /// From whom or where.
  public var sources: [Typed] = []
  /// To whom or where.
  public var destinations: [Typed] = []
  /// What the chain needs and EPCIS has no field for.
  public var gift = GiftFields()

  /// An event without anything but what each has.
  public init(_ kind: Kind, _ action: Action?, time: EPCISTime, offset: EPCISOffset = .china) {
    self.kind = kind
    self.action = action
    self.time = time
    self.offset = offset
  }
}

/// Fields under our own vocabulary, for what EPCIS has no field for. docs/epcis.md lists them.
public struct GiftFields: Hashable, Sendable {
  /// The kind of gift; a URI of ours.
  public var kind: String?
  /// Kinds of what comes out of a transformation, by the lot's identifier.
  public var outputKinds: [EPCISEvent.Typed] = []
  /// The project; a URI of ours.
  public var project: String?
  /// To whose address the hearts go: `tz1…`.
  public var giver: String?
  /// The address of the claim code's key: `tz1…`.
  public var claim: String?
  /// Hash of a picture or a receipt: `sha256:` and 64 hexadecimal digits.
  public var evidence: String?
  /// By how much stock was counted differently, in the lot's own unit.
  public var difference: ExactDecimal?
  /// The organisation that recorded it; a URI of ours.
  public var recordedBy: String?
  /// The sender's event that this one is a part of.
  public var partOf: String?

  /// Without anything.
  public init() {}

  /// The vocabulary's prefix in documents that we write.
  public static let prefix = "tongzhou"
  /// The vocabulary; names are this and one word.
  public static let vocabulary = "https://tongzhou.example/voc/"
  /// What was done where GS1 has no word for it: gifts handed to people who need them.
  public static let distributing = vocabulary + "bizstep/distributing"
  /// In what state things are that fire, water or weather destroyed.
  public static let disaster = vocabulary + "disposition/disaster"

  /// The words.
  enum Word: String, CaseIterable {
    case kind, output, lot, project, giver, claim, evidence, difference, recordedBy, partOf
  }
}
