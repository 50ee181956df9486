/**
 * Signed notes and their keys (C2SP signed-note, tlog-cosignature). Texts are binary strings: one character a byte.
 * What is wrong is said by a `NoteFault`; whoever asks decides which code that is.
 */
import { concat, fromBase64, fromBinary, fromUTF8, toBinary, utf8 } from "./bytes.js";
import { isAcceptableKey, verifyEd25519 } from "./ed25519.js";
import { sha256 } from "./merkle.js";

/** A note, key or policy that does not read or hold. */
export class NoteFault extends Error {}

export function fault(message) {
  throw new NoteFault(message);
}

const MOST_BYTES = 1_000_000;
const MOST_SIGNATURES = 100;
const MOST_KEY_BYTES = 5_184;
const LOG = 1;
const ECDSA = 2;
const COSIGNER = 4;
// Spelled out, so that no table of another version of Unicode decides what is a valid name.
const SPACES = /[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Whether a name is 1 to 255 bytes of UTF-8 without spaces, plus signs and control characters. */
function isName(name) {
  if (name.length < 1 || name.length > 255 || /[\x00-\x1f+]/.test(name)) return false;
  const text = fromUTF8(fromBinary(name));
  return text !== null && !SPACES.test(text);
}

/** A public key with its name, as a vkey writes it. */
export class VerifierKey {
  constructor(name, type, key, id) {
    this.name = name;
    this.type = type;
    this.key = key;
    this.id = id;
  }

  get isSupported() { return this.type === LOG || this.type === COSIGNER; }
  get isCosigner() { return this.type === COSIGNER; }

  /** Reads `<name>+<key id>+<base64 of type and key>`. */
  static async read(text) {
    const first = text.indexOf("+");
    const second = text.indexOf("+", first + 1);
    if (first < 0 || second < 0) fault("a key is not name, id and base64");
    const name = text.slice(0, first);
    const written = text.slice(first + 1, second);
    const material = text.length - second - 1 <= MOST_KEY_BYTES * 2 ? fromBase64(text.slice(second + 1)) : null;
    if (!/^[0-9a-f]{8}$/.test(written) || material === null || material.length < 2 || !isName(name)
      || material.length - 1 > MOST_KEY_BYTES) fault("a key is not name, id and base64");
    const type = material[0];
    const key = material.subarray(1);
    if ((type === LOG || type === COSIGNER) && !isAcceptableKey(key)) fault("an Ed25519 key may not be relied on");
    const hash = await (type === ECDSA
      ? sha256(key) : sha256(fromBinary(name), Uint8Array.of(0x0a), material));
    const id = toBinary(hash.subarray(0, 4));
    if (id !== toBinary(fromHexID(written))) fault("a key's id is not that of name, type and key");
    return new VerifierKey(name, type, key, id);
  }

  /** Whether a signature line's content is this key's over a text. */
  async verifies(signature, text) {
    if (this.type === LOG) return verifyEd25519(signature, fromBinary(text), this.key);
    if (signature.length !== 72) return false;
    const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
    if (time >= 2n ** 63n) return false;
    const message = concat(utf8(`cosignature/v1\ntime ${time}\n`), fromBinary(text));
    return verifyEd25519(signature.subarray(8), message, this.key);
  }
}

function fromHexID(text) {
  return Uint8Array.from({ length: 4 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** Takes a note apart: its text and its signature lines. Nothing is verified. */
export function readNote(note) {
  if (note.length > MOST_BYTES) fault("the note is too long");
  if (!note.endsWith("\n") || /[\x00-\x09\x0b-\x1f]/.test(note)) fault("the note is no text");
  if (fromUTF8(fromBinary(note)) === null) fault("the note is not in UTF-8");
  const end = note.lastIndexOf("\n\n");
  if (end < 0) fault("the note has no signatures");
  const lines = note.slice(end + 2).split("\n").slice(0, -1);
  if (lines.length === 0) fault("the note has no signatures");
  if (lines.length > MOST_SIGNATURES) fault("the note has too many signatures");
  const signatures = lines.map(readLine);
  const names = new Set(signatures.map((line) => `${line.id}${line.name}`));
  if (names.size !== signatures.length) fault("two signatures have one name and key id");
  return { text: note.slice(0, end + 1), signatures };
}

/** A dash, a name, and base64 of key id and signature. */
function readLine(line) {
  const parts = line.split(" ");
  const blob = parts.length === 3 && parts[0] === "\xe2\x80\x94" ? fromBase64(parts[2]) : null;
  if (blob === null || blob.length < 5 || !isName(parts[1])) fault("a signature line has another form");
  return { name: parts[1], id: toBinary(blob.subarray(0, 4)), signature: blob.subarray(4) };
}

/**
 * The keys among those given that signed a note. Lines by other keys say nothing; one by a given key that fails spoils
 * the note.
 */
export async function signersOf(note, keys) {
  const found = [];
  for (const line of note.signatures) {
    const matching = keys.filter((key) => key.id === line.id && key.name === line.name);
    if (matching.length > 1) fault("two keys have one name and key id");
    const key = matching[0];
    if (key === undefined || !key.isSupported) continue;
    if (!(await key.verifies(line.signature, note.text))) fault("a signature of a known key does not verify");
    found.push(key);
  }
  return found;
}
