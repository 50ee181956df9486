/** The block's seal with its place under a signed checkpoint: where every proof ends. */
import { equal, FieldReader, toHex } from "./bytes.js";
import { verifyCheckpoint } from "./checkpoint.js";
import { isAcceptableKey } from "./ed25519.js";
import { checkPlace, domain, sha256 } from "./merkle.js";
import { NoteFault } from "./note.js";
import { BadMessage, Message } from "./protobuf.js";
import { malformed, notIncluded, Refused } from "./refused.js";

/** The longest entry of a log, kind byte included. */
export const MOST_ENTRY_BYTES = 65_535;
/** The end of the year 9999 in seconds since 1970. */
export const LAST_TIME = 253_402_300_799n;
const HEADER = 1;
const SEAL = 3;
const BATCH = domain("batch");

/** The members of a seal proof, nothing verified. */
export function readSealProof(members) {
  return {
    index: members.number("index"),
    seal: members.bytes("seal"),
    header: members.bytes("header"),
    path: members.path(),
    checkpoint: members.text("checkpoint"),
  };
}

/** The fields of a seal (docs/state.md, "Block"); `null` for other bytes. */
function readSeal(entry) {
  if (entry.length !== 129 || entry[0] !== SEAL) return null;
  const fields = new FieldReader(entry.subarray(1));
  return {
    height: fields.u64(), time: fields.u64(), batch: fields.take(32), state: fields.take(32), results: fields.take(32),
    transactions: fields.u32(), failed: fields.u32(), rows: fields.u32(), steps: fields.u32(),
  };
}

/** Chain and number of entries that a signed header names; throws `BadMessage`. */
function readHeader(signed) {
  if (signed.length >= MOST_ENTRY_BYTES) throw new BadMessage("the header is too long");
  const header = new Message(new Message(signed).bytes(1));
  const [chain, previous, root] = [header.bytes(1), header.bytes(4), header.bytes(7)];
  if ([chain, previous, root].some((hash) => hash.length !== 32)) throw new BadMessage("a hash has 32 bytes");
  if (header.messages(9).length > 0) throw new BadMessage("reports open an epoch; this is its first version");
  for (const cosignature of header.messages(5)) {
    if (!isAcceptableKey(cosignature.bytes(1)) || cosignature.bytes(3).length !== 64
      || cosignature.uint64(2) > LAST_TIME) throw new BadMessage("a cosignature of the header is none");
  }
  return { chain, count: header.uint32(6) };
}

/**
 * Checks a seal proof against the pinned chain and policy, in the order of docs/proofs.md.
 *
 * @param {Uint8Array} chain the pinned id
 * @param {import("./steps.js").Steps} steps gets told what is being looked at
 */
export async function verifySeal(proof, chain, policy, steps) {
  const checkpoint = await steps.run("quorum", async () => {
    try {
      return await verifyCheckpoint(proof.checkpoint, policy);
    } catch (error) {
      if (error instanceof NoteFault) throw new Refused("proof.no_quorum", error.message);
      throw error;
    }
  });
  return steps.run("seal", async () => {
    const seal = readSeal(proof.seal);
    if (seal === null) malformed("the seal does not read");
    await checkPlace(proof.seal, proof.index, checkpoint.size, proof.path, checkpoint.root, "the seal");
    const signed = proof.header.subarray(1);
    let header;
    try {
      if (proof.header[0] !== HEADER) throw new BadMessage("the entry is no header");
      header = readHeader(signed);
    } catch (error) {
      if (error instanceof BadMessage) malformed(`the header does not read: ${error.message}`);
      throw error;
    }
    if (!equal(await sha256(BATCH, signed), seal.batch) || header.count >= proof.index) {
      notIncluded("the header is not that of the seal's block");
    }
    if (!equal(header.chain, chain)) {
      throw new Refused("proof.wrong_chain", `the block is of chain ${toHex(header.chain)}`);
    }
    return { ...seal, checkpoint: { ...checkpoint, text: proof.checkpoint }, first: proof.index - header.count,
      index: proof.index };
  });
}
