public import Ledger

extension ErrorCode {
  /// No kind of gift has this ordinal.
  public static let unknownKind = ErrorCode(400, "gift_kind.unknown")
  /// No unit has this number.
  public static let unknownUnit = ErrorCode(401, "trace.unknown_unit")
  /// The kind or the lot is counted in another unit.
  public static let wrongUnit = ErrorCode(402, "trace.wrong_unit")
  /// No event has this kind.
  public static let unknownEvent = ErrorCode(403, "trace.unknown_event")
  /// The first number of a manifest is not the organisation's next.
  public static let traceOutOfTurn = ErrorCode(404, "trace.out_of_turn")
  /// The event lies after block time.
  public static let eventInFuture = ErrorCode(405, "trace.in_future")
  /// The event lies before an earlier one of the same lot.
  public static let eventBackwards = ErrorCode(406, "trace.backwards")
  /// Gifts of this category do not go this way.
  public static let wrongCategory = ErrorCode(407, "trace.wrong_category")
  /// A quantity that is zero, negative or too large for this event.
  public static let badQuantity = ErrorCode(408, "trace.invalid_quantity")
  /// The event needs the hash of a picture or a receipt.
  public static let evidenceMissing = ErrorCode(409, "trace.evidence_missing")
  /// The picture, receipt or report was shown before.
  public static let exhibitUsed = ErrorCode(410, "trace.evidence_used")

  /// No lot has this ordinal, or the row that was to make it was refused.
  public static let unknownLot = ErrorCode(420, "lot.unknown")
  /// Another organisation holds the lot, or the event is the sender's own to itself.
  public static let lotNotHeld = ErrorCode(421, "lot.not_held")
  /// The lot has ended: nothing of it is left.
  public static let lotEnded = ErrorCode(422, "lot.ended")
  /// More goes out than is there.
  public static let lotTooSmall = ErrorCode(423, "lot.too_small")
  /// The lot is on its way, packed, only pledged, or none of these where it should be.
  public static let wrongLotState = ErrorCode(424, "lot.wrong_state")
  /// The lot is on its way to another organisation.
  public static let lotNotAddressed = ErrorCode(425, "lot.not_addressed")
  /// What went in is not what came out and what was lost.
  public static let unbalanced = ErrorCode(426, "lot.unbalanced")
  /// Lots of several projects, units or categories cannot be put together.
  public static let lotsDiffer = ErrorCode(427, "lot.differ")
  /// One lot stands twice in one event.
  public static let lotTwice = ErrorCode(428, "lot.twice")
  /// The chain has no ordinals left for lots or gifts.
  public static let tooManyLots = ErrorCode(429, "lot.too_many")

  /// No project has this ordinal.
  public static let unknownProject = ErrorCode(440, "project.unknown")
  /// The project is another charity's.
  public static let otherProject = ErrorCode(441, "project.not_yours")
  /// The gift lies outside the project's term.
  public static let outsideTerm = ErrorCode(442, "project.outside_term")
  /// A term that ends before it begins or is longer than ten years.
  public static let badTerm = ErrorCode(443, "project.invalid_term")
  /// More would be committed than came in.
  public static let overcommitted = ErrorCode(444, "project.overcommitted")
  /// The chain holds as many projects as it may.
  public static let tooManyProjects = ErrorCode(445, "project.too_many")

  /// No gift has this ordinal.
  public static let unknownGift = ErrorCode(450, "gift.unknown")
  /// The gift waits for no claim code.
  public static let giftNotWaiting = ErrorCode(451, "gift.not_waiting")
  /// The key of the claim code has not signed.
  public static let wrongClaim = ErrorCode(452, "gift.wrong_claim")
  /// The gift was taken back.
  public static let giftReversed = ErrorCode(453, "gift.reversed")
  /// Another organisation recorded the gift.
  public static let otherGift = ErrorCode(454, "gift.not_recorded_by_you")

  /// Fewer hearts are held than that.
  public static let tooFewHearts = ErrorCode(460, "hearts.too_few")
  /// Not a positive number of hearts.
  public static let badHearts = ErrorCode(461, "hearts.invalid_number")
  /// The address has never had hearts.
  public static let unknownGiver = ErrorCode(462, "hearts.unknown_giver")
  /// Kinds or a formula outside their ranges.
  public static let badHeartRules = ErrorCode(463, "hearts.invalid_rules")

  /// No partner has this ordinal.
  public static let unknownPartner = ErrorCode(470, "partner.unknown")
  /// The partner has not signed, or is another account.
  public static let notThePartner = ErrorCode(471, "partner.not_signed")
  /// The partner takes part no longer.
  public static let partnerClosed = ErrorCode(472, "partner.closed")
  /// The account stands for a partner already.
  public static let partnerKnown = ErrorCode(473, "partner.known")
  /// The chain holds as many partners, or the partner as many channels, as it may.
  public static let tooManyPartners = ErrorCode(474, "partner.too_many")
  /// No threshold of the formula in force.
  public static let unknownThreshold = ErrorCode(475, "channel.unknown_threshold")
  /// No open channel has this ordinal.
  public static let unknownChannel = ErrorCode(476, "channel.unknown")
  /// No consent has this ordinal, or it was taken back.
  public static let noConsent = ErrorCode(477, "consent.not_given")
  /// The consent is another giver's.
  public static let otherConsent = ErrorCode(478, "consent.not_yours")
  /// A consent that is over before it begins, or lasts longer than a year.
  public static let badConsent = ErrorCode(479, "consent.invalid_time")
  /// An organisation related to itself, or a relation that stands.
  public static let badRelation = ErrorCode(480, "relation.invalid")
}
