import Foundation
import Ledger
import MutualAid
import TongzhouClient
import TransparencyLog

// Joins a plan over a node, and believes the node nothing.
//
//     join-plan URL CHAIN-ID FOLDER
//
// The first run makes a secret in FOLDER and says which address it gives for the plan. With this address the plan's
// identity authority attests that a person exists once; what it answers goes into FOLDER/attestation.json. The second
// run joins, and leaves the receipt and the policy, which is all that is needed to check it for ever.

/// The plan's ordinal.
let plan: UInt16 = 0

/// The one secret of a person, out of her folder; a new one where there is none.
func secret(in folder: URL) throws -> BackupSecret {
  let file = folder.appending(path: "secret")
  if FileManager.default.fileExists(atPath: file.path) {
    return try BackupSecret(text: String(contentsOf: file, encoding: .utf8))
  }
  let secret = BackupSecret.random()
  // Whoever reads it is the member.
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
  guard FileManager.default.createFile(atPath: file.path, contents: Data(secret.text.utf8), attributes: attributes)
  else { throw CocoaError(.fileWriteUnknown) }
  return secret
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 3, let pinned = Hash(hexadecimal: arguments[1]) else {
  print("usage: join-plan URL CHAIN-ID FOLDER")
  exit(64)
}
do {
  let (url, folder) = (arguments[0], URL(fileURLWithPath: arguments[2]))
  let secret = try secret(in: folder)
  try await NodeClient.with(url) { node in
    // The genesis comes from the node and has to hash to the id that was pinned. All later proofs are held against it.
    let (name, chain) = try await node.trusted(pinned: pinned)

    // A key of its own for each plan of each chain: nobody can tell that two memberships are of one person.
    let key = try secret.key(chain: chain.id, plan: UInt32(plan))
    let owner = key.publicKey.address
    let attested = folder.appending(path: "attestation.json")
    guard FileManager.default.fileExists(atPath: attested.path) else {
      print("not attested yet: tell the identity authority of plan \(plan) this address, and keep its answer in")
      print("  \(attested.path)")
      print("The authority of the demonstration is whoever has its key:")
      print(
        "  tongzhou attest \(url) --plan \(plan) --owner \(owner) --born 1990-05 --officers data/demo/keys --output "
          + attested.path)
      exit(2)
    }
    let attestation = try AttestationFile(json: Array(Data(contentsOf: attested)), chain: chain.id).proven()

    // Who is insured and how her health is stay with her: the chain gets salted commitments, and the salts follow from
    // her secret. Here her address stands for the identity number, and she declares nothing.
    func commitment(_ content: [UInt8], _ purpose: Commitment.Purpose) -> Hash {
      Commitment(to: content, salt: secret.salt(chain: chain.id, plan: UInt32(plan), purpose: purpose)).hash
    }
    let action = try MutualAid.join(
      attestation, insured: commitment(owner.bytes, .insured), health: commitment([], .health))

    // Signs, hands in, waits until a quorum has signed the block, verifies the receipt. Where the connection breaks,
    // the same bytes are sent again: the chain takes them once. Where the rules refuse, the error has the rule's code.
    let done = try await node.perform(action, by: key, on: name, chain: chain)
    let file = folder.appending(path: "receipt.json")
    try Data(done.receipt.json()).write(to: file, options: .atomic)
    try Data(chain.policy.text).write(to: folder.appending(path: "policy"), options: .atomic)

    // As anybody would years later, from the file and what was pinned.
    let receipt = try Receipt(file: Array(Data(contentsOf: file)))
    let (transaction, seal) = try receipt.verify(chain: pinned, policy: chain.policy)
    let membership = try await node.membership(of: owner, plan: plan, on: name, chain: chain)
    print("joined plan \(plan) as membership \(membership), owner \(owner)")
    print("transaction \(transaction.hash) stands in block \(seal.height) under a quorum")
    print("receipt in \(file.path)")
  }
} catch {
  print("not joined: \(error)")
  exit(1)
}
