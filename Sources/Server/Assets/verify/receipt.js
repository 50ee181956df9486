/** A receipt: proof that a transaction stands in a sealed block. */
import { compare, concat, equal, toHex } from "./bytes.js";
import { addressOf, addressText } from "./address.js";
import { isAcceptableKey, verifyEd25519 } from "./ed25519.js";
import { checkPlace, domain, sha256 } from "./merkle.js";
import { BadMessage, Message } from "./protobuf.js";
import { notIncluded, Refused } from "./refused.js";
import { LAST_TIME, MOST_ENTRY_BYTES, readSealProof, verifySeal } from "./seal.js";

const TRANSACTION = 2;
const MOST_SIGNATURES = 8;
/** How far ahead of block time an expiry may lie, in seconds. */
const HORIZON = 600n;
const SIGNED = domain("transaction");

export function readReceipt(members) {
  return {
    index: members.number("index"),
    entry: members.bytes("entry"),
    path: members.path(),
    seal: readSealProof(members.object("seal")),
  };
}

/** @param {Uint8Array} [context.key] a key known to stand for the sender in place of her first */
export async function verifyReceipt(receipt, { chain, policy, key, steps }) {
  const seal = await verifySeal(receipt.seal, chain, policy, steps);
  await steps.run("place", async () => {
    const isInside = receipt.index >= seal.first && receipt.index < seal.index;
    if (!isInside || receipt.entry[0] !== TRANSACTION) notIncluded("the entry is no transaction of the seal's block");
    const { size, root } = seal.checkpoint;
    await checkPlace(receipt.entry, receipt.index, size, receipt.path, root, "the transaction");
  });
  const transaction = await steps.run("signature", () => carriedOut(receipt.entry, chain, seal.time, key));
  // The seal counts failures; where there is none, this one succeeded.
  return { seal, index: receipt.index, transaction, succeeded: seal.failed === 0 ? true : null };
}

/** What a block demands of a transaction before it asks the contract. */
async function carriedOut(entry, chain, time, key) {
  let read;
  try {
    read = readEnvelope(entry, chain);
  } catch (error) {
    if (error instanceof BadMessage) refuse(error.message);
    throw error;
  }
  for (const signature of read.signatures) {
    const holds = await verifyEd25519(signature.signature, concat(SIGNED, read.body), signature.key);
    if (!holds) refuse("a signature does not verify");
  }
  const first = read.signatures[0].key;
  if (!equal(await addressOf(first), read.sender) && !(key && equal(key, first))) {
    refuse("signed by somebody else than its sender");
  }
  const latest = time + HORIZON > LAST_TIME ? LAST_TIME : time + HORIZON;
  if (time > read.expiry || read.expiry > latest) refuse("its expiry does not fit the time of its block");
  return {
    hash: toHex(await sha256(entry.subarray(1))),
    sender: addressText(read.sender),
    cosigners: await Promise.all(read.signatures.slice(1).map(async (each) => addressText(await addressOf(each.key)))),
    contract: read.contract, kind: read.kind, payload: read.payload, expiry: read.expiry, rows: read.rows,
  };
}

/** The parts of an envelope, their form checked; throws `BadMessage`. */
function readEnvelope(entry, chain) {
  if (entry.length > MOST_ENTRY_BYTES) throw new BadMessage("the entry is too long");
  const envelope = new Message(entry.subarray(1));
  const body = envelope.bytes(1);
  const fields = new Message(body);
  const action = fields.message(5);
  if (action === null) throw new BadMessage("no action");
  const contract = action.text(1);
  const manifest = fields.message(6);
  const signatures = envelope.messages(2).map((message) => (
    { suite: message.uint32(1), key: message.bytes(2), signature: message.bytes(3) }));
  if (signatures.length < 1 || signatures.length > MOST_SIGNATURES) throw new BadMessage("one to eight signatures");
  if (compare(fields.bytes(1), chain) !== 0) throw new BadMessage("meant for another chain");
  const sender = fields.bytes(2);
  const expiry = fields.uint64(3);
  if (sender.length !== 20 || fields.bytes(4).length !== 16 || new TextEncoder().encode(contract).length > 32) {
    throw new BadMessage("sender, id or contract of a wrong length");
  }
  if (manifest !== null && (manifest.uint32(1) === 0 || manifest.bytes(2).length !== 32)) {
    throw new BadMessage("a manifest without rows or root");
  }
  if (signatures.some(({ suite, key }) => suite !== 1 || !isAcceptableKey(key))) throw new BadMessage("no such key");
  if (expiry > LAST_TIME) throw new BadMessage("a time after the year 9999");
  return { body, sender, expiry, signatures, contract, kind: action.uint32(2), payload: action.bytes(3),
    rows: manifest === null ? 0 : manifest.uint32(1) };
}

function refuse(message) {
  throw new Refused("proof.refused", message);
}
