internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import Node
internal import TongzhouClient
internal import TransparencyLog
internal import Vault

/// As whom somebody uses a vault: an officer, or a member with the key of her plan.
struct VaultIdentity: ParsableArguments {
  @Option(help: "As an officer: the directory with the key.")
  var officers: String?

  @Option(help: "As an officer: the organisation, as its key's file is called.")
  var organisation: String?

  @Option(help: "As a member: the file with her secret.")
  var secret: String?

  @Option(help: "As a member: the chain's id, 64 hexadecimal digits.")
  var chain: String?

  @Option(help: "As a member: the plan's ordinal.")
  var plan: UInt32 = 0

  /// The account's key.
  ///
  /// - Throws: `vault.bad_key` where neither an officer's nor a member's options are whole.
  func key() throws -> SigningKey {
    if let officers, let organisation, secret == nil {
      guard let key = try KeyDirectory(officers).officer(organisation) else {
        throw VaultError(.badKey, "\(officers) does not hold the officer's key of this organisation")
      }
      return key
    }
    guard officers == nil, let secret, let chain else {
      throw VaultError(.badKey, "say who you are: --officers with --organisation, or --secret with --chain and --plan")
    }
    guard let chainID = Hash(hexadecimal: chain) else {
      throw LedgerError(.malformed, "a chain id is 64 hexadecimal digits")
    }
    return try SecretFile.read(secret).key(chain: chainID, plan: plan)
  }

  /// Who that is in a vault, and the key to read with.
  func reading() throws -> (party: PartyID, key: ReaderKey) {
    let key = try key()
    return (PartyID(key.publicKey.address), try ReaderKey(of: key))
  }
}

/// Which vault, and which case in it.
struct VaultPlace: ParsableArguments {
  @Option(help: "The vault's directory.")
  var vault: String

  @Option(name: .customLong("case"), help: "The case's id in the vault: 32 hexadecimal digits.")
  var caseText: String

  /// - Throws: `vault.malformed`.
  func caseID() throws -> CaseID { try Self.caseID(caseText) }

  static func caseID(_ text: String) throws -> CaseID {
    guard let caseID = CaseID(hexadecimal: text) else {
      throw VaultError(.malformed, "a case's id in a vault is 32 hexadecimal digits")
    }
    return caseID
  }

  /// Opens the vault, and says what a crash had left.
  func open() throws -> VaultStore { try Self.open(vault) }

  static func open(_ directory: String) throws -> VaultStore {
    let (store, mended) = try VaultStore.open(directory)
    if mended.files > 0 { Output.note("\(mended.files) files left over by a crash were put in order") }
    if mended.logBytes > 0 {
      Output.note("\(mended.logBytes) bytes of a torn entry were cut off the access log; compare its head")
    }
    return store
  }
}

/// A place, and a document there.
struct VaultDocument: ParsableArguments {
  @Argument(help: "The document's id: 32 hexadecimal digits.")
  var document: String

  @OptionGroup var place: VaultPlace
  @OptionGroup var identity: VaultIdentity

  /// - Throws: `vault.malformed`.
  func id() throws -> DocumentID {
    guard let document = DocumentID(hexadecimal: document) else {
      throw VaultError(.malformed, "a document's id is 32 hexadecimal digits")
    }
    return document
  }
}

/// Whether and where documents are scanned.
struct ScanOptions: ParsableArguments {
  @Option(help: "Where clamd listens: the path of its socket, or a port of 127.0.0.1.")
  var clamd: String?

  @Option(help: "How long the scanner may take, in seconds.")
  var clamdSeconds: UInt32 = 60

  @Flag(help: "Open it also when no scanner answers, with a warning.")
  var unscanned = false

  var policy: ScanPolicy { unscanned ? .warnUnscanned : .refuseUnscanned }

  var scanner: any DocumentScanner {
    guard let clamd else { return NoScanner() }
    let address = UInt16(clamd).map { ClamdScanner.Address.port($0) } ?? .socket(clamd)
    return ClamdScanner(address, timeout: .seconds(Int64(clamdSeconds)))
  }
}

/// A file that only its owner can read.
enum PrivateFile {
  /// Writes a file that does not exist yet.
  ///
  /// - Throws: `encoding.malformed` where it exists or cannot be written.
  static func create(_ path: String, _ bytes: [UInt8]) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw LedgerError(.malformed, "cannot create \(path): \(String(cString: strerror(errno)))")
    }
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(bytes))
  }
}
