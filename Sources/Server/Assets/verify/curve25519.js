/**
 * The arithmetic of Ed25519 signatures for browsers whose WebCrypto does not know them. Nothing here is secret, so it
 * may take as long as the numbers ask for. Points are in extended coordinates (RFC 8032, 5.1.4).
 */
import { concat, equal, toHex } from "./bytes.js";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

function mod(value, modulus = P) {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function power(base, exponent) {
  let result = 1n;
  let square = mod(base);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

function inverse(value) { return power(value, P - 2n); }

const D = mod(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
const NEUTRAL = [0n, 1n, 1n, 0n];

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * t2 * D);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function littleEndian(bytes) { return BigInt("0x" + toHex(bytes.slice().reverse())); }

/** The point of 32 bytes in canonical form; `null` where there is none. */
function decode(bytes) {
  const isOdd = BigInt(bytes[31] >> 7);
  const cut = bytes.slice();
  cut[31] &= 0x7f;
  const y = littleEndian(cut);
  if (y >= P) return null;
  const u = mod(y * y - 1n);
  const v = mod(D * y * y + 1n);
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
  const found = mod(v * x * x);
  if (found === mod(-u)) x = mod(x * ROOT_OF_MINUS_ONE);
  else if (found !== u) return null;
  if (x === 0n && isOdd === 1n) return null;
  if ((x & 1n) !== isOdd) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

function encode([x, y, z]) {
  const inverted = inverse(z);
  const [affineX, affineY] = [mod(x * inverted), mod(y * inverted)];
  const bytes = new Uint8Array(32);
  let left = affineY | ((affineX & 1n) << 255n);
  for (let at = 0; at < 32; at += 1) {
    bytes[at] = Number(left & 255n);
    left >>= 8n;
  }
  return bytes;
}

const BASE = decode(Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 0x58 : 0x66)));

/**
 * Whether R is the encoding of s·B − h·A. The caller has looked at the key's form and at the size of s.
 */
export async function verifyOnCurve(signature, message, key) {
  const point = decode(key);
  if (point === null) return false;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const digest = await crypto.subtle.digest("SHA-512", concat(r, key, message));
  const h = mod(littleEndian(new Uint8Array(digest)), L);
  const minus = [mod(-point[0]), point[1], point[2], mod(-point[3])];
  const both = add(BASE, minus);
  let sum = NEUTRAL;
  for (let bit = 252n; bit >= 0n; bit -= 1n) {
    sum = add(sum, sum);
    const [hasS, hasH] = [(s >> bit) & 1n, (h >> bit) & 1n];
    if (hasS && hasH) sum = add(sum, both);
    else if (hasS) sum = add(sum, BASE);
    else if (hasH) sum = add(sum, minus);
  }
  return equal(encode(sum), r);
}
