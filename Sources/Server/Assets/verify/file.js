/** The bytes of a file: unpacked, with the limit kept while unpacking, and read as JSON of a known format. */
import { concat, fromUTF8 } from "./bytes.js";
import { parseJSON } from "./json.js";
import { malformed } from "./refused.js";
import { Members } from "./shape.js";

/** The most bytes of a file of a format, unpacked. */
const LIMITS = new Map([
  ["tongzhou-receipt/v1", 2_000_000],
  ["tongzhou-statement/v2", 64_000_000],
  ["tongzhou-state-proof/v1", 2_000_000],
  ["tongzhou-absence/v1", 2_000_000],
  ["tongzhou-way/v1", 32_000_000],
  ["tongzhou-attestation/v1", 65_536],
]);

/** The most bytes of any file. */
export const MOST_BYTES = 64_000_000;

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  return value;
});

/** Whether a piece of gzip ends with the sum and the length of what it unpacks to (RFC 1952): then nothing follows. */
function isWhole(packed, plain) {
  let sum = 0xffffffff;
  for (const byte of plain) sum = CRC[(sum ^ byte) & 255] ^ (sum >>> 8);
  const end = new DataView(packed.buffer, packed.byteOffset + packed.length - 8);
  return end.getUint32(0, true) === ((sum ^ 0xffffffff) >>> 0) && end.getUint32(4, true) === plain.length;
}

/** The bytes without gzip around them. */
async function unpack(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const parts = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      // A small file can unpack to more than a device holds: stop in time.
      if (length > MOST_BYTES) malformed("the file is too long");
      parts.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    if (error.code === "proof.malformed") throw error;
    malformed("the file does not unpack");
  }
  const plain = concat(...parts);
  // Not every program sees by itself that something follows.
  if (!isWhole(bytes, plain)) malformed("something follows what was packed");
  return plain;
}

/** The file's object and its format. */
export async function readFile(bytes) {
  if (bytes.length > MOST_BYTES) malformed("the file is too long");
  const plain = await unpack(bytes);
  if (plain.length > MOST_BYTES) malformed("the file is too long");
  const text = fromUTF8(plain);
  if (text === null) malformed("the file is not in UTF-8");
  const members = new Members(parseJSON(text), "the file");
  const format = members.text("format");
  if (!(plain.length <= LIMITS.get(format))) malformed("no format that is known, or too long for it");
  return { members, format };
}
