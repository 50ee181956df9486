/** A member's statement: every change of her membership and every share since she joined. */
import { addressText } from "./address.js";
import { bytesOf } from "./shape.js";
import { equal, FieldReader, toHex } from "./bytes.js";
import { domain, leafHash, sha256, treeRoot } from "./merkle.js";
import {
  checkRecord, checkSeveral, checkTable, readMembership, readPlan, readRecord, readReserve, readSettlement, readSeveral,
  readTable,
} from "./records.js";
import { malformed, notIncluded, Refused } from "./refused.js";
import { Kind, Replay } from "./replay.js";
import { readSealProof, verifySeal } from "./seal.js";

const TABLES = ["memberships", "plans", "settlements"];
const CHANGE_BYTES = 65;
const ROW_BYTES = 12;
const HISTORY = domain("history");

export function readStatement(members) {
  const tables = members.objects("tables", readTable);
  if (tables.length !== TABLES.length) malformed("a statement has three tables");
  const changes = members.list("changes", (item) => bytesOf(item, "a change", CHANGE_BYTES));
  if (changes.some((change) => change[0] < Kind.join || change[0] > Kind.illness)) malformed("no such change");
  return {
    seal: readSealProof(members.object("seal")), tables, changes,
    membership: readRecord(members.object("membership")), plan: readRecord(members.object("plan")),
    settlements: readSeveral(members.object("settlements")),
    cases: members.has("cases") ? members.objects("cases", readCases) : [],
    reserve: members.has("reserve") ? readProvenReserve(members.object("reserve")) : null,
  };
}

function readCases(members) {
  const rows = members.bytes("rows");
  if (rows.length % ROW_BYTES !== 0) malformed(`a case has ${ROW_BYTES} bytes`);
  return { settlement: members.number("settlement"), rows };
}

function readProvenReserve(members) {
  return { table: readTable(members.object("table")), record: readRecord(members.object("record")) };
}

function readChange(bytes) {
  const fields = new FieldReader(bytes);
  return {
    kind: fields.u8(), amount: fields.i64(), number: fields.u64(), commitment: fields.take(32), time: fields.u64(),
    cumulative: fields.i64(),
  };
}

export async function verifyStatement(statement, { chain, policy, steps }) {
  const seal = await verifySeal(statement.seal, chain, policy, steps);
  await steps.run("records", () => checkRecords(statement, seal.state));
  const membership = readMembership(statement.membership.record);
  const plan = readPlan(statement.plan.record);
  const settlements = statement.settlements.records.map(({ record }) => readSettlement(record));
  const changes = statement.changes.map(readChange);
  await steps.run("history", () => checkHistory(statement.changes, membership.history));
  const replay = await steps.run("replay", async () => {
    const replay = new Replay(changes[0], membership.plan);
    replay.run(changes.slice(1), settlements, plan);
    replay.compare(membership, seal.time);
    return replay;
  });
  let cases = [];
  if (statement.cases.length > 0) cases = await steps.run("cases", () => checkCases(statement, settlements));
  let reserve = null;
  if (statement.reserve !== null) reserve = await steps.run("reserve", () => checkReserve(statement, plan, seal.state));
  return {
    seal, reserve, ordinal: statement.membership.ordinal, plan: membership.plan, number: membership.number,
    owner: addressText(membership.owner), joined: membership.joined, status: membership.status,
    history: toHex(membership.history), lines: replay.lines, balance: replay.balance, cases,
  };
}

async function checkRecords({ tables, membership, plan, settlements }, state) {
  for (let at = 1; at < tables.length; at += 1) {
    if (tables[at].tables !== tables[0].tables || tables[at].index <= tables[at - 1].index) {
      notIncluded("the tables are not of one state");
    }
  }
  for (let at = 0; at < tables.length; at += 1) await checkTable(tables[at], TABLES[at], state);
  await checkRecord(tables[0], membership);
  await checkRecord(tables[1], plan);
  await checkSeveral(tables[2], settlements);
  if (readMembership(membership.record).plan !== plan.ordinal) notIncluded("another plan");
}

/** The custodian's statement, and what it owed for the plan when the seal was made, by its word on the fees drawn. */
async function checkReserve({ reserve: { table, record }, tables, plan: { ordinal } }, plan, state) {
  await checkTable(table, "reserve_statements", state);
  if (table.tables !== tables[0].tables) notIncluded("the tables are not of one state");
  await checkRecord(table, record);
  const statement = readReserve(record.record);
  if (statement.plan !== ordinal) notIncluded("the custodian's statement is of another plan");
  const owed = plan.sources - statement.feesDrawn;
  return { ...statement, owedNow: owed > 0n ? owed : 0n };
}

/** The changes are all of the history: the join, what followed, and nothing left out. */
async function checkHistory(changes, expected) {
  let history = new Uint8Array(32);
  for (const change of changes) history = await sha256(HISTORY, history, change);
  if (changes.length === 0 || !equal(history, expected)) {
    throw new Refused("proof.broken_history", "the changes do not give the membership's history");
  }
}

/** Which cases were settled, for those settlements of which the file says so. */
async function checkCases({ cases, settlements: { records } }, settlements) {
  const places = new Map(records.map(({ ordinal }, at) => [ordinal, at]));
  return Promise.all(cases.map(async ({ settlement, rows }) => {
    const shown = settlements[places.get(settlement)];
    const parts = Array.from({ length: rows.length / ROW_BYTES }, (_, at) => (
      rows.subarray(at * ROW_BYTES, (at + 1) * ROW_BYTES)));
    if (shown === undefined || rows.length !== shown.cases * ROW_BYTES
      || !equal(await treeRoot(await Promise.all(parts.map(leafHash))), shown.casesRoot)) {
      throw new Refused("proof.broken_shares", `the cases are not those of settlement ${settlement}`);
    }
    const read = parts.map((row) => {
      const fields = new FieldReader(row);
      return { case: fields.u32(), aid: fields.i64() };
    });
    return { settlement, number: shown.number, cases: read };
  }));
}
