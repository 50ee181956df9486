/**
 * Ed25519 (RFC 8032) as every verifier of this chain has to agree on it: without cofactor, canonical forms only, and
 * no public key of small order, with which anybody could sign anything. WebCrypto does the arithmetic where the browser
 * has it; older browsers get the same out of `curve25519.js`.
 */
import { fromHex, toHex } from "./bytes.js";
import { verifyOnCurve } from "./curve25519.js";

/** y of the points whose order divides 8, in little-endian bytes. */
const SMALL_ORDER = new Set([
  "00".repeat(32),
  "01" + "00".repeat(31),
  "ec" + "ff".repeat(30) + "7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);
const PRIME = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** A number of little-endian bytes. */
function littleEndian(bytes) {
  return BigInt("0x" + toHex(bytes.slice().reverse()));
}

/** Whether a public key may be relied on: 32 bytes, canonical, not of small order. */
export function isAcceptableKey(key) {
  if (key.length !== 32) return false;
  const y = key.slice();
  y[31] &= 0x7f;
  return littleEndian(y) < PRIME && !SMALL_ORDER.has(toHex(y));
}

/** Whether this browser's WebCrypto knows Ed25519, seen by the first vector of RFC 8032. */
let isNative;

async function native() {
  const key = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const signature = fromHex(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
    + "d25bf5f0595bbe24655141438e7a100b");
  try {
    return await verifyNative(signature, new Uint8Array(0), key);
  } catch {
    return false;
  }
}

async function verifyNative(signature, message, key) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

/** Whether a signature over a message is valid under a public key that may be relied on. */
export async function verifyEd25519(signature, message, key) {
  if (signature.length !== 64 || !isAcceptableKey(key)) return false;
  if (littleEndian(signature.subarray(32)) >= ORDER) return false;
  isNative ??= native();
  if (!(await isNative)) return verifyOnCurve(signature, message, key);
  try {
    return await verifyNative(signature, message, key);
  } catch {
    // Bytes that are no point of the curve: some browsers say so already when the key is read.
    return false;
  }
}

