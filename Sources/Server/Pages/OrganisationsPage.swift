internal import Consortium
internal import Ledger
internal import MutualAid
internal import Node
internal import TransparencyLog

/// `/organisations`: who does what, who signs, and whether the last checkpoint has enough signatures.
struct OrganisationsPage: Page {
  static let template = "organisations"
  let section: Section? = .organisations
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) {
    let texts = scope.texts
    title = texts.say("organisations_title")
    let signed = scope.view.cosignedAt
    let endorsers = scope.view.certifiers
    let height = Numbers.grouped(scope.view.height)
    let isEnough = signed.count >= endorsers.quorum
    let open = scope.aid.openComplaints.map { scope.aid.complaints[Int($0)] }
    fields = [
      "quorum_text": QuorumWords.rule(scope),
      "quorum_promise": QuorumWords.promise(scope),
      "quorum_missing": !isEnough,
      "signed_text": texts.count(
        isEnough ? "quorum_signed" : "quorum_missing", signed.count,
        ["height": height, "q": "\(endorsers.quorum)"]),
      "organisations_text": texts.say(scope.isHearts ? "organisations_lead_hearts" : "organisations_lead"),
      // Members complain, and a chain of hearts has none.
      "complaints_text": scope.isHearts
        ? nil : OrganisationsPage.complaints(open, scope) ?? texts.say("complaints_none"),
      "organisations": (0..<scope.consortium.organisations.count).map {
        OrganisationsPage.card($0, signed, open, scope)
      },
    ]
  }

  private static func card(
    _ ordinal: Int, _ signed: [UInt32: Timestamp], _ open: [ComplaintRecord], _ scope: PageScope
  ) -> PageFields {
    let texts = scope.texts
    let record = scope.consortium.organisations[ordinal]
    var fields: PageFields = [
      "organisation_ordinal": "\(ordinal)",
      "organisation_name": record.name.string,
      "roles": roles.filter { !record.roles.isDisjoint(with: $0.role) }.map { entry -> PageFields in
        [
          "role_name": texts.say(entry.name),
          "role_text": texts.say(scope.isHearts ? entry.hearts ?? entry.text : entry.text),
        ]
      },
      "complaints": complaints(open.filter { $0.concerned == UInt16(ordinal) }, scope),
      "endorses": false,
      "endorses_text": texts.say("endorses_not"),
    ]
    guard let member = scope.view.certifiers.member(ordinal: UInt32(ordinal)) else { return fields }
    let time = signed[UInt32(ordinal)]
    fields.merge([
      "endorses": true,
      "endorses_text": time.map { texts.say("endorses_signed", ["time": texts.moment($0)]) }
        ?? texts.say("endorses_not_signed"),
      "vote_key": record.voteKey.description,
      "cosign_key": (try? member.cosignerKey().description) ?? record.cosignKey.description,
      "log_key": logKey(record, scope) ?? record.logKey.description,
    ])
    return fields
  }

  /// How many complaints wait for an answer, and since when; `nil` where none do.
  private static func complaints(_ open: [ComplaintRecord], _ scope: PageScope) -> String? {
    guard let oldest = open.first else { return nil }
    return scope.texts.count("complaints_open", open.count, ["time": scope.texts.moment(oldest.filedAt)])
  }

  private static func logKey(_ record: OrganisationRecord, _ scope: PageScope) -> String? {
    let key = try? VerifierKey(
      name: NoteName(scope.view.genesis.origin), type: .ed25519, publicKey: record.logKey.bytes)
    return key?.description
  }

  /// What a role does, and what it does on a chain of hearts where that is something else.
  private static let roles: [(role: Role, name: String, text: String, hearts: String?)] = [
    (.platform, "role_platform", "role_platform_text", "role_platform_hearts"),
    (.custodian, "role_custodian", "role_custodian_text", "role_custodian_hearts"),
    (.investigator, "role_investigator", "role_investigator_text", nil),
    (.insurer, "role_insurer", "role_insurer_text", nil),
    (.hospital, "role_hospital", "role_hospital_text", nil),
    (.charity, "role_charity", "role_charity_text", "role_charity_hearts"),
    (.identity, "role_identity", "role_identity_text", nil),
    (.auditor, "role_auditor", "role_auditor_text", "role_auditor_hearts"),
  ]
}
