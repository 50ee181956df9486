/**
 * Bytes and their written forms. A text of a signed note is kept as a string with one character for each byte
 * ("binary string"): comparing and cutting it is then comparing and cutting bytes.
 */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Int8Array(256).fill(-1);
for (let value = 0; value < 64; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

/** The bytes of base64 in its one canonical form (RFC 4648, 4); `null` for any other text. */
export function fromBase64(text) {
  if (text.length % 4 !== 0) return null;
  let length = text.length;
  for (let padding = 0; padding < 2 && length > 0 && text[length - 1] === "="; padding += 1) length -= 1;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let place = 0; place < length; place += 1) {
    const unit = text.charCodeAt(place);
    const value = unit < 256 ? VALUES[unit] : -1;
    if (value < 0) return null;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[at] = bits >> count;
      at += 1;
      bits &= (1 << count) - 1;
    }
  }
  // Bits that are left over must be zero: else two texts would stand for the same bytes.
  return bits === 0 ? bytes : null;
}

/** Lower-case hexadecimal digits. */
export function toHex(bytes) {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** The bytes of lower-case hexadecimal digits; `null` for any other text. */
export function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** One after the other. */
export function concat(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Below, at or above zero, as bytes are ordered; a beginning comes before what it begins. */
export function compare(a, b) {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) if (a[at] !== b[at]) return a[at] - b[at];
  return a.length - b.length;
}

/** Whether they are the same bytes. */
export function equal(a, b) {
  return a.length === b.length && compare(a, b) === 0;
}

/** UTF-8 of a text. */
export function utf8(text) {
  return new TextEncoder().encode(text);
}

/** The text of UTF-8; `null` for other bytes. A byte order mark stays, for whoever asks to refuse it. */
export function fromUTF8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** One character for each byte. */
export function toBinary(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** The bytes of a binary string. */
export function fromBinary(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Reads big-endian fields one after the other; 64-bit numbers are `BigInt`, since a `Number` would round them. */
export class FieldReader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  skip(length) {
    this.at += length;
    return this.at - length;
  }

  u8() { return this.view.getUint8(this.skip(1)); }
  u16() { return this.view.getUint16(this.skip(2)); }
  u32() { return this.view.getUint32(this.skip(4)); }
  u64() { return this.view.getBigUint64(this.skip(8)); }
  i64() { return this.view.getBigInt64(this.skip(8)); }
  take(length) { return this.bytes.subarray(this.skip(length), this.at); }
}

/** The eight big-endian bytes of a number from 0 to 2^64 − 1. */
export function u64Bytes(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
