internal import Consortium
public import Contracts
internal import HeartChain
public import Ledger
internal import MutualAid
internal import TransparencyLog

/// A year of three charities on a chain of hearts. People give, what they gave goes its way, and hearts are spent; two
/// charities do as they should, and one cheats.
///
/// Four organisations execute and endorse every block. The caller takes each final block and may write it to disk;
/// nothing here reads a clock or a file.
public struct HeartDemo {
  /// Takes a final block of the first organisation, whose state notes its events, with the set that certified it.
  public typealias Publish = (CertifiedBlock<ChainState>, EndorserSet) throws -> Void
  typealias Member = HeartConsortium.Member

  let options: HeartOptions
  let consortium: HeartConsortium
  let preparation: DemoPreparation
  var network: Network<ChainState>
  var generator: SplitMix64
  let publish: Publish
  /// Addresses of the people, by their numbers.
  let people: [Address]

  /// The organisation whose events are being gathered, and what it tells.
  var telling = Telling(.platform)
  /// Number of each organisation's next row.
  var nextRow = [UInt64](repeating: 1, count: Member.allCases.count)
  /// Lots and gifts there will be when everything told so far is executed.
  var nextLot: UInt32 = 0
  /// See ``nextLot``.
  var nextGift: UInt32 = 0
  /// Rows that were told to be refused.
  var expectedRefusals: UInt64 = 0
  /// When the last event happened.
  var lastEvent = Timestamp.zero
  /// Numbers of pictures, receipts, recipients and transactions used so far.
  var counter = 0
  var results: [ErrorCode: Int] = [:]
  /// Gifts told so far, by kind.
  var tally = [(gifts: Int, quantity: Int64)](repeating: (0, 0), count: HeartKind.allCases.count)

  var food = FoodBook()
  var clothes = GoodsBook()
  var library = GoodsBook()
  var grove = TreeBook()
  var purses: [Purse] = HeartProject.allCases.map { _ in Purse() }
  var affairs = SchoolBook()
  var crowd = PeopleBook()

  /// The demonstration before its first day.
  public init(
    _ options: HeartOptions, preparation: DemoPreparation, publish: @escaping Publish
  ) throws(LedgerError) {
    self.options = options
    self.preparation = preparation
    self.publish = publish
    consortium = try HeartConsortium(seed: options.seed, start: Demo.morning(options.firstDay - 1))
    let genesis = consortium.genesis
    network = try Network(
      genesis: genesis, keys: consortium.endorsers, seed: options.seed,
      prepare: { preparation.batch($0, genesis: $1) }, watch: { $0.watchEverything() })
    generator = SplitMix64(seed: options.seed ^ 0x6865_6172_74)
    // Deriving a key is most of the work, so it is done on all cores.
    let (seed, personKey) = (options.seed, options.personKey)
    people = Parallel.map(options.people) { number in
      let secret = HeartDemo.secret(of: number, seed: seed)
      guard let key = try? personKey(secret, genesis.chain) else { preconditionFailure("a hash is a key's seed") }
      return key.publicKey.address
    }
  }

  /// The genesis, whose hash is the chain's id.
  public var genesis: Genesis { consortium.genesis }

  /// The organisations at the beginning.
  public var endorsers: EndorserSet { network.participants[0].chain.app.endorsers }

  /// The organisations and partners with their keys, so that a node can go on with the chain.
  public var organisations: [DemoOrganisation] { consortium.organisations }

  /// The seed of the key with which the platform issues credentials over love indices.
  public var issuerSeed: [UInt8] { DemoKeys.hash(seed: options.seed, purpose: "heart issuer", index: 0).bytes }

  /// The contracts' state after the last final block, as the first organisation has it.
  public var state: ChainState { network.participants[0].chain.app }

  /// Runs the year.
  ///
  /// - Parameter progress: called with days done and days in all.
  public mutating func run(progress: (Int, Int) -> Void = { _, _ in }) throws -> HeartReport {
    try open()
    for index in Swift.stride(from: 0, through: HeartOptions.days, by: options.stride) {
      try run(index: index)
      progress(index, HeartOptions.days)
    }
    return try report()
  }

  /// One day, at nine in the morning: what organisations tell, what people do, and what is decided.
  private mutating func run(index: Int) throws {
    network.advance(to: Demo.morning(options.firstDay + index))
    try govern(index)
    try disclose(index)
    try takeGifts(index)
    if index % 7 == 0 {
      try moveFood(index)
      try moveClothes(index)
      try moveBooks(index)
      try growTrees(index)
      if index % HeartDemo.month == 0, index > 0 { try moveMoney(index) }
      try cheat(index)
    }
    try flush()
    try act(index)
    try settle()
    try check()
  }

  /// Days from one payment of money to the next.
  static let month = 28

  /// The 32 bytes of a person's backup secret.
  static func secret(of person: Int, seed: UInt64) -> [UInt8] {
    DemoKeys.hash(seed: seed, purpose: "heart person", index: person).bytes
  }

  func key(of person: Int) throws(LedgerError) -> SigningKey {
    try options.personKey(HeartDemo.secret(of: person, seed: options.seed), genesis.chain)
  }

  /// The state of the contract "hearts".
  var chain: Hearts { network.participants[0].chain.app.hearts }
}

extension HeartDemo {
  /// The platform registers the partners, which open their channels, and the charities open their projects.
  private mutating func open() throws {
    network.advance(to: Demo.morning(options.firstDay - 1).adding(seconds: 120))
    for partner in HeartConsortium.Partner.allCases {
      try submit(
        Hearts.registerPartner(
          account: consortium.key(of: partner).publicKey.address, description: .sha256(Array(partner.name.utf8))),
        by: .platform)
    }
    for project in HeartProject.allCases {
      try submit(
        Hearts.openProject(
          from: HeartDemo.midnight(options.firstDay + project.term.first),
          to: HeartDemo.midnight(options.firstDay + project.term.last), place: project.place,
          description: .sha256(Array(project.description.en.utf8))), by: project.charity)
    }
    try settle()
    for partner in HeartConsortium.Partner.allCases {
      let action = try Hearts.openChannel(
        partner: partner.rawValue, threshold: partner.threshold,
        description: .sha256(Array(partner.channel.utf8)))
      try submit(action, signedBy: [consortium.key(of: partner)])
    }
    try settle()
  }

  static func midnight(_ day: Int) -> Timestamp { CivilDate.midnight(dayNumber: UInt32(day)) }

  /// Two charities disclose what they did with what they got, on time.
  private mutating func disclose(_ index: Int) throws {
    for project in HeartProject.allCases where project.disclosures.contains(where: { isNow($0, index) }) {
      try submit(Hearts.disclose(project: project.rawValue, report: fresh("report")), by: project.charity)
    }
  }

  /// Whether a day falls to this step: it lies after the last one.
  func isNow(_ day: Int, _ index: Int) -> Bool { day <= index && day > index - options.stride }

  /// In the middle of the year the organisations let oil bring more hearts.
  private mutating func govern(_ index: Int) throws {
    if index == 154 {
      let change = try Hearts.change(kinds: [(Int(HeartKind.oil.rawValue), HeartKind.dearerOil)])
      try submit(Consortium.propose(change), by: .platform)
      try settle()
    }
    let proposals = network.participants[0].chain.app.consortium.governance.proposals
    for ordinal in 0..<proposals.count where proposals[ordinal].status == .voting {
      let vote = try Consortium.vote(proposal: UInt32(ordinal), content: proposals[ordinal].content, approve: true)
      for member in [Member.bank, .auditor]
      where !proposals[ordinal].ayes.contains(UInt32(member.rawValue)) {
        try submit(vote, by: member)
      }
    }
  }
}

extension HeartDemo {
  /// Lets the network come to rest and hands on the blocks of the first organisation.
  mutating func settle() throws {
    try flush()
    network.settle()
    for place in network.participants.indices.dropFirst() { _ = network.takePublished(by: place) }
    for block in network.takePublished(by: 0) {
      for codes in block.block.codes { for code in codes { results[code, default: 0] += 1 } }
      try publish(block, network.participants[0].chain.certifiers)
    }
  }

  /// Whether the chain took everything as it was meant: ordinals of lots that were told ahead are only right then.
  private func check() throws {
    guard network.diverged.isEmpty else { throw LedgerError(.badBatch, "organisations computed different blocks") }
    if let (_, error) = network.refused.first { throw error }
    let state = chain
    let refused = (0..<state.books.count).reduce(UInt64(0)) { $0 + state.books[$1].refused }
    guard state.lots.count == Int(nextLot), state.gifts.count == Int(nextGift), refused == expectedRefusals else {
      let names = results.filter { $0.key != .success }.map { "\($0.key.name) \($0.value)" }.sorted()
      throw LedgerError(.badBatch, "the demonstration expected other results: \(names.joined(separator: ", "))")
    }
  }

  /// A transaction by an organisation's officer.
  mutating func submit(_ action: Action, by member: Member, rows: [[UInt8]] = []) throws {
    try submit(action, signedBy: [consortium.officer(of: member)], rows: rows)
  }

  /// A transaction by whoever has the first key, signed by the others as well.
  mutating func submit(_ action: Action, signedBy keys: [SigningKey], rows: [[UInt8]] = []) throws {
    let unsigned = try UnsignedTransaction(
      chain: genesis.chain, sender: keys[0].publicKey.address, expiry: network.now.adding(seconds: 300),
      id: Array(fresh("id").bytes.prefix(16)), action: action, manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    let entry = Entry.make(.transaction, try unsigned.signed(by: keys))
    guard case .transaction(let transaction)? = preparation.take([entry], genesis: genesis).first else {
      throw LedgerError(.badSignature, "a transaction of the demonstration is not valid")
    }
    network.submit(transaction, entries: [entry] + (try RowEntries.pack(rows)))
  }

  /// A hash nobody has seen: of a picture, a receipt, a report, a recipient.
  mutating func fresh(_ purpose: String) -> Hash {
    counter += 1
    return DemoKeys.hash(seed: options.seed, purpose: "heart " + purpose, index: counter)
  }
}
