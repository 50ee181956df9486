/**
 * Checks a proof file of Tongzhou (docs/proofs.md) with what the verifier already has: a chain id and a policy. Needs
 * no network, no clock and no secret, and runs in a browser as well as in Node.js.
 */
import { fromHex } from "./bytes.js";
import { readFile } from "./file.js";
import { Policy } from "./policy.js";
import { readReceipt, verifyReceipt } from "./receipt.js";
import { malformed, Refused } from "./refused.js";
import { readAbsence, readStateProof, verifyAbsence, verifyStateProof } from "./state.js";
import { readStatement, verifyStatement } from "./statement.js";
import { Steps } from "./steps.js";
import { readWay, verifyWay } from "./way.js";

export { NoteFault } from "./note.js";
export { Policy } from "./policy.js";
export { Refused } from "./refused.js";

const FORMATS = new Map([
  ["tongzhou-receipt/v1", { kind: "receipt", read: readReceipt, verify: verifyReceipt }],
  ["tongzhou-statement/v2", { kind: "statement", read: readStatement, verify: verifyStatement }],
  ["tongzhou-state-proof/v1", { kind: "state", read: readStateProof, verify: verifyStateProof }],
  ["tongzhou-absence/v1", { kind: "absence", read: readAbsence, verify: verifyAbsence }],
  ["tongzhou-way/v1", { kind: "way", read: readWay, verify: verifyWay }],
  ["tongzhou-attestation/v1", { kind: "attestation", read: readAttestation, verify: async () => ({}) }],
]);

/** An attestation proves nothing by itself: the join that carries it is checked by the ledger. */
function readAttestation(members) {
  return {
    attestation: members.bytes("attestation", 72), manifest: members.number("manifest"), index: members.number("index"),
    path: members.path(),
  };
}

/** A file that was read: its format, its content, and the chain it names. Throws `proof.malformed`. */
export async function open(bytes) {
  const { members, format } = await readFile(bytes);
  const chain = members.text("chain");
  if (!/^[0-9a-f]{64}$/.test(chain)) malformed("the chain's id is none");
  return { format: FORMATS.get(format), content: FORMATS.get(format).read(members), chain };
}

/**
 * Checks a file.
 *
 * @param {Uint8Array | Awaited<ReturnType<typeof open>>} file its bytes, plain or gzip; or what `open` made of them
 * @param {object} options
 * @param {string} options.chain the pinned chain's id, 64 hexadecimal digits
 * @param {string | Uint8Array | Policy} options.policy its policy
 * @param {string} [options.table] of a proof of the state or of absence: the table that was asked for
 * @param {number} [options.ordinal] of a proof of the state: the record that was asked for
 * @param {Uint8Array} [options.absentKey] of a proof of absence: the key that was asked for
 * @param {Uint8Array} [options.key] of a receipt: a key known to stand for the sender in place of her first
 * @param {(name: string, state: string) => void} [options.watch] is told of every step
 * @returns what the file proves: `kind`, `chain`, `steps` that passed, and more for each kind
 * @throws {Refused} with the first code that fits; {@link NoteFault} for a policy that does not read
 */
export async function verify(file, { chain, policy, watch, ...asked }) {
  const pinned = /^[0-9a-f]{64}$/.test(chain) ? fromHex(chain) : null;
  if (pinned === null) throw new TypeError("a chain id has 64 hexadecimal digits");
  const trusted = policy instanceof Policy ? policy : await Policy.read(policy);
  const steps = new Steps(watch);
  const opened = await steps.run("file", async () => (file instanceof Uint8Array ? open(file) : file));
  await steps.run("chain", async () => {
    if (opened.chain !== chain) throw new Refused("proof.wrong_chain", `the file is of chain ${opened.chain}`);
  });
  const result = await opened.format.verify(opened.content, { ...asked, chain: pinned, policy: trusted, steps });
  return { kind: opened.format.kind, chain, steps: steps.passed, ...result };
}
