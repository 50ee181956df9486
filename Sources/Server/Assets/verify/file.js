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
  ["tongzhou-attestation/v1", 65_536],
]);

/** The most bytes of any file. */
export const MOST_BYTES = 64_000_000;

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
  return concat(...parts);
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
