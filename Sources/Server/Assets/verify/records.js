/** Tables and records of the state under a seal ("Records of the state" of docs/proofs.md). */
import { concat, equal, FieldReader, u64Bytes, utf8 } from "./bytes.js";
import { isCanonical, widthOf } from "./layouts.js";
import { checkPlace, leafHash, rootOfSeveral } from "./merkle.js";
import { malformed, notIncluded } from "./refused.js";

const VERSION = 1;

export function readTable(members) {
  return {
    name: members.text("name"), version: members.number("version"), count: members.number("count"),
    root: members.bytes("root", 32), index: members.number("index"), tables: members.number("tables"),
    path: members.path(),
  };
}

export function readRecord(members) {
  return { ordinal: members.number("ordinal"), record: members.bytes("record"), path: members.path() };
}

export function readSeveral(members) {
  return {
    records: members.objects("records", (each) => ({ ordinal: each.number("ordinal"), record: each.bytes("record") })),
    // One for each subtree without a record: more than a path has where records lie apart.
    hashes: members.hashes("hashes"),
  };
}

/** Checks that a table of this name stands under a state root. */
export async function checkTable(table, name, state) {
  const bytes = utf8(table.name);
  if (table.name !== name || table.version !== VERSION) notIncluded(`the table is not ${name}`);
  const leaf = concat(
    Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes, u64Bytes(table.version).subarray(4),
    u64Bytes(table.count), table.root);
  await checkPlace(leaf, table.index, table.tables, table.path, state, `the table ${name}`);
}

// A table that came after this page: its records are proven like others, only their layout is not known here.
function checkWidth(table, { ordinal, record }) {
  const width = widthOf(table.name);
  if (width !== undefined && record.length !== width) {
    notIncluded(`record ${ordinal} of ${table.name} has another width`);
  }
}

function checkForm(table, { ordinal, record }) {
  if (widthOf(table.name) !== undefined && !isCanonical(table.name, record)) {
    malformed(`record ${ordinal} of ${table.name} is not in canonical form`);
  }
}

/** Checks that a record stands in a table that was checked. */
export async function checkRecord(table, record) {
  checkWidth(table, record);
  const what = `record ${record.ordinal} of ${table.name}`;
  await checkPlace(record.record, record.ordinal, table.count, record.path, table.root, what);
  checkForm(table, record);
}

/** Checks that several records stand in a table that was checked. */
export async function checkSeveral(table, { records, hashes }) {
  for (const record of records) checkWidth(table, record);
  const leaves = await Promise.all(records.map(({ record }) => leafHash(record)));
  const root = await rootOfSeveral(table.count, records.map(({ ordinal }) => ordinal), leaves, hashes);
  if (root !== null && !equal(root, table.root)) {
    notIncluded(`records of ${table.name} are not where the file says they are`);
  }
  for (const record of records) checkForm(table, record);
}

/** What a statement needs of a membership's record. */
export function readMembership(record) {
  const fields = new FieldReader(record);
  return {
    owner: fields.take(20), nullifier: fields.u32(), plan: fields.u16(), birthMonth: fields.u16(),
    number: fields.u32(), exhaustsAt: fields.i64(), history: fields.take(32), joined: fields.u64(),
    waitingFrom: fields.u64(), coveredSince: fields.u64(), status: fields.u8(),
  };
}

/** What a statement needs of a plan's record. */
export function readPlan(record) {
  const view = new FieldReader(record).view;
  const at = (offset) => view.getBigInt64(offset);
  // Deposits, debt, contributions and recoveries; reversals, payouts paid, refunds paid and reversals in the queue.
  const sources = at(24) + at(40) + at(48) + at(136) - at(32) - at(96) - at(120) - at(152);
  return { cumulative: at(8), settlements: view.getUint32(184), sources };
}

/** What a custodian's statement says. */
export function readReserve(record) {
  const fields = new FieldReader(record);
  return {
    plan: fields.u16(), custodian: fields.u16(), number: fields.u32(), asOf: fields.u64(), time: fields.u64(),
    held: fields.i64(), owed: fields.i64(), feesDrawn: fields.i64(),
  };
}

/** What a statement needs of a settlement's record. */
export function readSettlement(record) {
  const fields = new FieldReader(record);
  return {
    plan: fields.u16(), number: (fields.skip(2), fields.u32()), time: fields.u64(), cases: fields.u32(),
    casesRoot: fields.take(32), aid: fields.i64(), payers: fields.view.getUint32(124),
    share: fields.view.getBigInt64(132), cumulative: fields.view.getBigInt64(140),
  };
}
