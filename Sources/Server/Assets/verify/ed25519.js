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

/**
 * Signatures on which libraries differ, besides the first vector of RFC 8032: one whose R is the neutral point, which
 * holds; and one by a key with a part of small order, which holds only for those that multiply by the cofactor.
 */
const PROBES = [
  {
    key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "", holds: true,
    signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
      + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    key: "376d3fa7f882f5e3085033d8ad5179eec0ec1689f7bca991fdfdd84362f29dc2", message: "6d30", holds: true,
    signature: "0100000000000000000000000000000000000000000000000000000000000000"
      + "3c037b6d0b3e65fce8663a10d31e7b0c7e85e65e291ae79fdc767bb8e13cfa07",
  },
  {
    key: "72f67d2d014e259cddbb67c11564a2b6e71950507b71e38c09658e006f41b08d", message: "7830", holds: false,
    signature: "e7caaa83373a94afae43fec59b447c99ba282b19a7616c24c785ad8966a1e10e"
      + "e960644f4179075d4fe667b3b42e5af9b1236ae4128e9ee6d147789eb79e3c04",
  },
];

/** Whether this browser's WebCrypto knows Ed25519 and decides as all other verifiers of this chain do. */
let isNative;

async function native() {
  try {
    for (const { key, message, signature, holds } of PROBES) {
      if (await verifyNative(fromHex(signature), fromHex(message), fromHex(key)) !== holds) return false;
    }
    return true;
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

