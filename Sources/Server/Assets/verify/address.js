/** Addresses of accounts, and their text in bech32m (BIP-350). */
import { domain, sha256 } from "./merkle.js";

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const ADDRESS = domain("address");

/** The address of an account whose first key this is. */
export async function addressOf(key) {
  return (await sha256(ADDRESS, Uint8Array.of(1), key)).subarray(0, 20);
}

/** `tz1…` for the twenty bytes of an address. */
export function addressText(bytes) {
  const words = [];
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    count += 8;
    while (count >= 5) {
      count -= 5;
      words.push((bits >> count) & 31);
    }
  }
  if (count > 0) words.push((bits << (5 - count)) & 31);
  const head = [..."tz"].map((letter) => letter.charCodeAt(0));
  const expanded = [...head.map((unit) => unit >> 5), 0, ...head.map((unit) => unit & 31)];
  let sum = 1;
  for (const value of [...expanded, ...words, 0, 0, 0, 0, 0, 0]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((term, bit) => { if ((top >> bit) & 1) sum ^= term; });
  }
  sum ^= 0x2bc830a3;
  for (let at = 5; at >= 0; at -= 1) words.push((sum >> (5 * at)) & 31);
  return "tz1" + words.map((word) => ALPHABET[word]).join("");
}
