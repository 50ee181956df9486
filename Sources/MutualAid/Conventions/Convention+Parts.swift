public import Ledger

extension Convention {
  /// Who may join and until when she is covered.
  public struct Ages: Hashable, Sendable {
    /// Days of life before one may join; attested through the earliest join date.
    public let joinFromDays: Int
    /// The last age in whole years at which one may join.
    public let joinToYears: Int
    /// The age in whole years at which cover ends; above the last age for joining, at most 120.
    public let coverToYears: Int
  }

  /// Diseases for which the same is paid.
  public struct DiseaseClass: Hashable, Sendable {
    /// Its number in cases, 1…255.
    public let id: UInt8
    /// Lower-case name such as `heart-attack`.
    public let key: String
    /// Name in Chinese.
    public let nameZh: String
    /// Name in English.
    public let nameEn: String
    /// Codes of ICD-10: a category (`C50`), a subcategory (`I21.4`) or a range (`C00-C97`).
    public let icd10: [String]
    /// Codes of the same form that do not belong to the class, though ``icd10`` names them.
    public let except: [String]
    /// Behaviours of ICD-O-3 of which a tumour must have one (3: malignant, primary), ascending; empty for diseases
    /// that are no tumours.
    public let behaviours: [UInt8]
  }

  /// What is paid for a class between two ages.
  public struct AidBand: Hashable, Sendable {
    /// The class.
    public let diseaseClass: UInt8
    /// First age in whole years.
    public let fromYears: Int
    /// Last age in whole years, included.
    public let toYears: Int
    /// The aid.
    public let amount: Amount
  }

  /// The most one member pays; zero is no cap.
  public struct Caps: Hashable, Sendable {
    /// For each case of a settlement.
    public let perCase: Amount
    /// For one settlement.
    public let perPeriod: Amount
    /// For one calendar year in UTC+8.
    public let perYear: Amount
  }

  /// How a case may be contested: by objections of members, and by an appeal of its owner. A jury decides.
  public struct Contest: Hashable, Sendable {
    /// Members whose objections bring a case before a jury, 1…100.
    public let objections: Int
    /// Objections one membership may make in a calendar year (UTC+8), 1…255.
    public let objectionsAYear: Int
    /// Jurors drawn for a case, 3…99.
    public let jurors: Int
    /// Jurors who have to vote, more than half of them.
    public let quorum: Int
    /// Days to commit a vote, 1…30.
    public let voteDays: Int
    /// Days to open it then, 1…30.
    public let revealDays: Int
    /// Days after a refusal in which its owner may appeal, 0…365; 0: no appeal.
    public let appealDays: Int
    /// Days after the investigator's report in which two organisations have to agree, 1…90; then a jury decides.
    public let decisionDays: Int
  }

  /// What the custodian's reserve statements have to show.
  public struct Solvency: Hashable, Sendable {
    /// Days that a statement is good for, from the time it is as of, 1…90.
    public let statementDays: Int
    /// Parts in a million of what is owed that may be missing, 0…1,000,000.
    public let tolerancePartsPerMillion: UInt32
    /// Whether nobody joins without a good statement.
    public let pausesJoins: Bool
  }

  /// What is asked of a case's hospital record.
  public struct HospitalRecords: Hashable, Sendable {
    /// Days after that of the diagnosis in which the hospital has to have registered it, 1…365.
    public let registeredWithinDays: Int
    /// Whether every case needs one.
    public let isRequired: Bool
  }

  /// Aid that the plan's reserve advances on the word of a hospital and an insurer; the case is examined, noticed and
  /// shared afterwards like any other.
  public struct FastTrack: Hashable, Sendable {
    /// The most one case is advanced; whole fen, no more than the highest aid.
    public let amount: Amount
    /// The most cases of one hospital within ``windowDays``, 1…1,000.
    public let cases: Int
    /// The most money for the cases of one hospital within ``windowDays``; whole fen.
    public let total: Amount
    /// Days over which a hospital's cases are counted, 1…366.
    public let windowDays: Int
    /// Who bears an advance for a case that did not stand, until it is paid back.
    public let loss: Loss

    /// Who bears a lost advance.
    public enum Loss: Sendable {
      /// The plan's reserve.
      case reserve
      /// The members: the next settlements refill the reserve.
      case members
    }
  }

  /// When and how a plan ends.
  public struct WindDown: Hashable, Sendable {
    /// Once as many members had a balance, fewer than this end the plan; 0: only a proposal ends it.
    public let minimumMembers: Int
    /// Days for which there have to be fewer, 0…366.
    public let afterDays: Int
    /// Days after the end of cover in which claims are still filed, 1…3650.
    public let claimsDays: Int
    /// Who gets the plan's reserve in the end.
    public let reserve: Heir

    /// Who gets the reserve of a plan that ended.
    public enum Heir: Sendable {
      /// Those who have a balance in the end, in equal parts of whole fen.
      case members
      /// A charity.
      case charity
    }
  }

  /// Whose balances bear a settlement.
  public enum Payers: Sendable {
    /// Those funded at the moment of the settlement.
    case atSettlement
    /// Those funded when the notice was published.
    case atNotice
  }

  /// What an illness within the waiting period brings; aid it never does.
  public enum WaitingIllness: Sendable {
    /// Nothing.
    case nothing
    /// The shares given since go back, and the membership ends.
    case refund
  }

  /// What happens to the part of a settlement that caps or balances leave uncovered.
  public enum Beyond: Sendable {
    /// Every case of the settlement gets the same fraction, and nothing more later.
    case proRata
    /// The rest is carried over and shared in later settlements.
    case carry
    /// The plan's reserve gives what it has; then the same fraction for every case.
    case reserve
  }
}
