/** Rows of events of lots (docs/hearts.md, "Events"), and the steps of a way that hold them. */
import { FieldReader } from "./bytes.js";
import { LAST_TIME } from "./seal.js";

const ROW_BYTES = 100;
const PART_BYTES = 12;
const MOST_PARTS = 128;
const MOST_QUANTITY = 10n ** 15n;
const MOST_UNIT = 5;
/** Ordinals of lots are below this; from here on a row names a lot that its own manifest makes. */
export const LOTS = 2 ** 31;

/** Events by their numbers. */
export const Event = {
  donated: 1, received: 2, stored: 3, repacked: 4, packed: 5, unpacked: 6, shipped: 7, arrived: 8, handedOver: 9,
  lost: 10, corrected: 11, pledged: 12, planted: 13, surveyed: 14, died: 15, disbursed: 17, spent: 18, returned: 19,
};

/** Of each event the fields that it has to have, those that it may have, and the largest reason. */
const FORMS = new Map([
  [Event.donated, ["unit quantity", "gift project place reason evidence party", 2]],
  [Event.received, ["unit", "lot place evidence", 0]],
  [Event.stored, ["unit", "lot place evidence", 0]],
  [Event.repacked, ["unit parts", "quantity place evidence", 0]],
  [Event.packed, ["parts", "place evidence", 0]],
  [Event.unpacked, ["parts", "lot evidence", 0]],
  [Event.shipped, ["unit", "lot other place evidence", 0]],
  [Event.arrived, ["unit quantity", "lot place evidence", 0]],
  [Event.handedOver, ["unit quantity party", "lot place evidence", 0]],
  [Event.lost, ["unit quantity", "lot place reason evidence", 4]],
  [Event.corrected, ["unit quantity", "lot place evidence", 0]],
  [Event.pledged, ["unit quantity", "gift project place reason party evidence", 2]],
  [Event.planted, ["unit quantity evidence", "lot place", 0]],
  [Event.surveyed, ["unit evidence", "lot quantity place", 0]],
  [Event.died, ["unit quantity", "lot place reason evidence", 4]],
  [Event.disbursed, ["unit quantity", "lot other evidence", 0]],
  [Event.spent, ["unit quantity evidence reason party", "lot place", 2]],
  [Event.returned, ["unit quantity evidence", "lot party", 0]],
].map(([kind, [needed, allowed, reason]]) => [
  kind, { needed: needed.split(" "), fields: new Set(`${needed} ${allowed}`.split(" ")), reason }]));

const isZero = (bytes) => bytes.every((byte) => byte === 0);

function fieldsOf(row) {
  const fields = new FieldReader(row);
  const read = {
    kind: fields.u8(), unit: fields.u8(), gift: fields.u16(), lot: fields.u32(), quantity: fields.i64(),
    time: fields.u64(), place: fields.u32(), other: fields.u16(), reason: fields.u8(), inputs: fields.u8(),
    project: fields.u32(), evidence: fields.take(32), party: fields.take(32), parts: [],
  };
  while (fields.at < row.length) read.parts.push({ lot: fields.u32(), quantity: fields.i64() });
  return read;
}

function hasForm(event) {
  const form = FORMS.get(event.kind);
  if (form === undefined || event.unit > MOST_UNIT || event.parts.length > MOST_PARTS) return false;
  const there = {
    unit: event.unit !== 0, gift: event.gift !== 0, lot: event.lot !== 0, quantity: event.quantity !== 0n,
    place: event.place !== 0, other: event.other !== 0, reason: event.reason !== 0, project: event.project !== 0,
    evidence: !isZero(event.evidence), party: !isZero(event.party), parts: event.parts.length > 0,
  };
  if (!form.needed.every((name) => there[name])) return false;
  if (Object.keys(there).some((name) => there[name] && !form.fields.has(name))) return false;
  if (event.time === 0n || event.time > LAST_TIME || event.reason > form.reason) return false;
  const least = event.kind === Event.corrected ? -MOST_QUANTITY : 0n;
  if (event.quantity < least || event.quantity > MOST_QUANTITY) return false;
  return hasParts(event) && (!isGiven(event) || hasGiver(event));
}

function isGiven({ kind }) { return kind === Event.donated || kind === Event.pledged; }

/** Hearts belong to nobody, or to an address and twelve zero bytes. */
function hasGiver({ reason, party }) {
  return (reason === 0) === isZero(party) && isZero(party.subarray(20));
}

function hasParts({ kind, inputs, parts }) {
  if (kind === Event.repacked) {
    return inputs > 0 && inputs < parts.length
      && parts.every(({ quantity }) => quantity > 0n && quantity <= MOST_QUANTITY);
  }
  // Whole lots are packed and unpacked; nothing else has parts.
  return inputs === parts.length && parts.every(({ quantity }) => quantity === 0n);
}

/** The lots whose histories an event changes, as its row names them, in the order in which they take it up. */
function namedBy(event) {
  const going = event.parts.slice(0, event.inputs).map(({ lot }) => lot);
  if (isGiven(event)) return [];
  return event.kind === Event.repacked || event.kind === Event.packed ? going : [event.lot, ...going];
}

/** How many lots it makes. */
function madeBy({ kind, inputs, parts }) {
  if (kind === Event.repacked) return parts.length - inputs;
  return [Event.donated, Event.pledged, Event.planted, Event.disbursed, Event.packed].includes(kind) ? 1 : 0;
}

/** The fields of a row; `null` for bytes that no ledger takes, and for events of no lot. */
function readRow(row) {
  if (row.length < ROW_BYTES || (row.length - ROW_BYTES) % PART_BYTES !== 0) return null;
  const event = fieldsOf(row);
  return hasForm(event) ? event : null;
}

/** A step of a way out of its bytes; `null` for others. */
export function readStep(bytes) {
  if (bytes.length < 21) return null;
  const fields = new FieldReader(bytes);
  const step = { name: fields.u64(), time: fields.u64() };
  const first = fields.u32();
  const count = fields.u8();
  if (bytes.length < 21 + 4 * count) return null;
  step.sources = Array.from({ length: count }, () => fields.u32());
  step.row = bytes.subarray(fields.at);
  step.event = readRow(step.row);
  if (step.event === null) return null;
  step.named = namedBy(step.event);
  const made = madeBy(step.event);
  if (step.named.length !== count || step.sources.some((lot) => lot >= LOTS)) return null;
  if (first + made > LOTS || (made === 0 && first !== 0)) return null;
  step.made = Array.from({ length: made }, (_, output) => first + output);
  return step;
}
