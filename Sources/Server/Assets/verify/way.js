/** The way of a lot ("Way" of docs/proofs.md): every event of it and of the lots it came from, back to the gifts. */
import { equal, FieldReader, toHex, u64Bytes } from "./bytes.js";
import { domain, sha256 } from "./merkle.js";
import { checkRecord, checkTable, readRecord, readTable } from "./records.js";
import { malformed, notIncluded, Refused } from "./refused.js";
import { readSealProof, verifySeal } from "./seal.js";
import { bytesOf } from "./shape.js";
import { Event, LOTS, readStep } from "./trace.js";

const MOST_STEPS = 65_536;
/** The state of a lot whose gift was taken back before anything of it had moved. */
export const VOID = 6;
const EVENT = domain("trace-event");
const ORIGIN = domain("lot-origin");
const HISTORY = domain("lot-history");
const REVERSAL = domain("gift-reversal");

export function readWay(members) {
  const steps = members.list("steps", (item) => {
    const step = readStep(bytesOf(item, "a step"));
    return step ?? malformed("a step is none");
  });
  if (steps.length > MOST_STEPS) malformed(`a way has at most ${MOST_STEPS} steps`);
  return {
    table: readTable(members.object("table")), record: readRecord(members.object("record")), steps,
    reversal: members.has("reversal") ? readReversal(members.object("reversal")) : null,
    gift: members.has("gift") ? readGift(members.object("gift")) : null,
    seal: readSealProof(members.object("seal")),
  };
}

function readReversal(members) { return { reason: members.bytes("reason", 32), time: BigInt(members.number("time")) }; }

function readGift(members) {
  return { table: readTable(members.object("table")), record: readRecord(members.object("record")) };
}

/** What a way needs of a lot's record, and what people want to know of it. */
function readLot(record) {
  const fields = new FieldReader(record);
  return {
    project: fields.u32(), kind: fields.u16(), state: fields.u8(), unit: fields.u8(), owner: fields.u16(),
    holder: fields.u16(), receiver: fields.u16(), place: (fields.skip(2), fields.u32()), inside: fields.u32(),
    gift: fields.u32(), received: fields.i64(), left: fields.i64(), handed: fields.i64(), lost: fields.i64(),
    moved: fields.u64(), event: fields.u64(), history: fields.take(32),
  };
}

/** Checks the record, then that the steps are the whole way of its lot and nothing else. */
export async function verifyWay(way, { chain, policy, steps }) {
  const seal = await verifySeal(way.seal, chain, policy, steps);
  await steps.run("records", async () => {
    await checkTable(way.table, "lots", seal.state);
    await checkRecord(way.table, way.record);
    if (way.gift !== null) await checkGift(way, seal.state);
  });
  const { ordinal } = way.record;
  const lot = readLot(way.record.record);
  await steps.run("way", () => checkSteps(way, ordinal, lot, seal.time));
  const gift = way.gift === null ? null : readGiven(way.gift.record);
  return {
    seal, ordinal, record: way.record.record, lot, gift, reversal: way.reversal,
    events: way.steps.map(({ name, time, row, event }) => ({ name, time, row, event })),
  };
}

async function checkGift({ gift, table, record }, state) {
  await checkTable(gift.table, "gifts", state);
  await checkRecord(gift.table, gift.record);
  const view = new FieldReader(gift.record.record).view;
  const isOf = gift.table.tables === table.tables && gift.record.ordinal === readLot(record.record).gift - 1
    && view.getUint8(65) === 0 && view.getUint32(56) === record.ordinal;
  if (!isOf) notIncluded("the lot did not begin as this gift");
}

function readGiven({ ordinal, record }) {
  return { ordinal, hearts: new FieldReader(record).view.getBigInt64(32) };
}

function broken(message) { throw new Refused("proof.broken_history", message); }

async function checkSteps({ steps, reversal }, ordinal, lot, end) {
  if ((lot.state === VOID) !== (reversal !== null) || (reversal !== null && lot.gift === 0)) {
    broken("a void lot's way ends with its gift's reversal, and no other's does");
  }
  const times = [...steps.map(({ time }) => time), ...(reversal === null ? [] : [reversal.time]), end];
  if (times.some((time, at) => at > 0 && time < times[at - 1])) {
    broken("the steps are not in the order of their times, or after the seal");
  }
  const last = steps.findLast(({ sources, made }) => sources.includes(ordinal) || made.includes(ordinal));
  if (last?.name !== lot.event) broken("another event than the record's is the last of the lot");
  const { histories, effects } = await follow(steps);
  let history = histories.get(ordinal);
  if (history !== undefined && reversal !== null) {
    const gift = u64Bytes(lot.gift - 1).subarray(4);
    history = await sha256(HISTORY, history, await sha256(REVERSAL, gift, reversal.reason, u64Bytes(reversal.time)));
  }
  if (history === undefined || !equal(history, lot.history) || !allLead(steps, effects, ordinal)) {
    broken("the steps do not give the lot's history");
  }
}

/**
 * The history of each lot that the steps make, after the last of them; and of each step the lots whose histories took
 * it up and those that began with it.
 */
async function follow(steps) {
  const hashes = await Promise.all(steps.map(({ name, time, row }) => (
    sha256(EVENT, u64Bytes(name), u64Bytes(time), row))));
  const histories = new Map();
  const effects = [];
  for (const [place, step] of steps.entries()) effects.push(await take(step, hashes[place], histories));
  return { histories, effects };
}

async function take({ event, sources, named, made }, hash, histories) {
  const isOther = sources.some((lot, at) => named[at] < LOTS && named[at] !== lot);
  if (isOther) broken("a step changes another lot than its row names");
  if (made.some((lot) => histories.has(lot))) broken("a lot is made twice");
  let carrier;
  const changed = [];
  const after = [];
  for (const [at, lot] of sources.entries()) {
    let history = histories.get(lot);
    // Lots that only went along with those of the way have no history here, and none is needed.
    if (history === undefined) continue;
    if (event.kind === Event.unpacked && at > 0) {
      if (carrier === undefined) broken("a lot comes out of a container that has no history");
      history = await sha256(HISTORY, history, carrier);
    }
    history = await sha256(HISTORY, history, hash);
    if (at === 0) carrier = history;
    histories.set(lot, history);
    changed.push(lot);
    after.push(history);
  }
  if (after.length < sources.length) return { changed, made: [] };
  for (const [output, lot] of made.entries()) {
    histories.set(lot, await sha256(ORIGIN, hash, Uint8Array.of(output, after.length), ...after));
  }
  return { changed, made };
}

/** Whether every step is in the history of the lot, or of one that it came from, before it came from it. */
function allLead(steps, effects, ordinal) {
  const wanted = new Set([ordinal]);
  const isWanted = (lot) => wanted.has(lot);
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    const { changed, made } = effects[at];
    const isOrigin = made.some(isWanted);
    if (!isOrigin && !changed.some(isWanted)) return false;
    let before = isOrigin ? steps[at].sources : [];
    if (steps[at].event.kind === Event.unpacked && changed.slice(1).some(isWanted)) before = changed.slice(0, 1);
    for (const lot of made) wanted.delete(lot);
    for (const lot of before) wanted.add(lot);
  }
  return true;
}
