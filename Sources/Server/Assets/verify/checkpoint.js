/** Checkpoints (C2SP tlog-checkpoint) under a policy. */
import { equal, fromBase64, toBinary, utf8 } from "./bytes.js";
import { emptyRoot } from "./merkle.js";
import { fault, readNote, signersOf } from "./note.js";

/**
 * Checks a signed checkpoint: one of the policy's logs signed it under its origin, and cosignatures of distinct keys
 * fulfil the quorum. Throws `NoteFault`.
 *
 * @returns origin, size (`bigint`), root, and how many organisations of the policy cosigned
 */
export async function verifyCheckpoint(text, policy) {
  const note = readNote(toBinary(utf8(text)));
  const lines = note.text.split("\n").slice(0, -1);
  if (lines.length < 3 || lines.includes("")) fault("a checkpoint has at least three lines, and none is empty");
  const [origin, written, base64] = lines;
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(written) || BigInt(written) >= 2n ** 63n) fault("the size is no number");
  const size = BigInt(written);
  const root = base64.length === 44 ? fromBase64(base64) : null;
  if (root === null || root.length !== 32) fault("the root is not 32 bytes");
  if (size === 0n && !equal(root, await emptyRoot())) fault("a log without entries has the empty root");

  const signers = await signersOf(note, policy.keys);
  if (!signers.some((key) => policy.logs.includes(key) && key.name === origin)) {
    fault("no log of the policy signed under this origin");
  }
  const witnesses = policy.witnesses.filter(({ key }) => signers.includes(key));
  if (!policy.isMetBy(signers)) fault("too few organisations of the policy cosigned");
  return { origin, size, root, cosigned: witnesses.length, witnesses: policy.witnesses.length };
}
