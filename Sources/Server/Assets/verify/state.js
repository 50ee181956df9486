/** Proofs of the state: that a record stood in it, or that a key was absent from it. */
import { compare, equal, FieldReader, toHex } from "./bytes.js";
import { checkRecord, checkTable, readRecord, readTable } from "./records.js";
import { malformed, notIncluded } from "./refused.js";
import { readSealProof, verifySeal } from "./seal.js";

export function readStateProof(members) {
  return {
    table: readTable(members.object("table")), record: readRecord(members.object("record")),
    seal: readSealProof(members.object("seal")),
  };
}

/**
 * @param {string} [context.table] the table that was asked for; without it the one that the file names
 * @param {number} [context.ordinal] the record that was asked for
 */
export async function verifyStateProof(proof, { chain, policy, steps, table, ordinal }) {
  const seal = await verifySeal(proof.seal, chain, policy, steps);
  await steps.run("records", async () => {
    const name = table ?? proof.table.name;
    await checkTable(proof.table, name, seal.state);
    if (proof.record.ordinal !== (ordinal ?? proof.record.ordinal)) notIncluded("another record");
    await checkRecord(proof.table, proof.record);
  });
  const { name, count } = proof.table;
  return { seal, table: name, count, ordinal: proof.record.ordinal, record: proof.record.record };
}

/** Tables whose records prove that a key is absent. */
const ABSENT = new Set(["nullifiers", "payment_references"]);

export function readAbsence(members) {
  const records = members.objects("records", readRecord);
  if (records.length < 1 || records.length > 2) malformed("absence takes one or two records");
  const key = members.bytes("key", 32);
  // The zero key is the sentinel's and nobody's.
  if (key.every((byte) => byte === 0)) malformed("no key is all zero");
  return { table: readTable(members.object("table")), key, records, seal: readSealProof(members.object("seal")) };
}

/** @param {Uint8Array} [context.absentKey] the key that was asked for */
export async function verifyAbsence(proof, { chain, policy, steps, table, absentKey }) {
  const seal = await verifySeal(proof.seal, chain, policy, steps);
  await steps.run("records", async () => {
    const name = table ?? proof.table.name;
    if (!ABSENT.has(name)) notIncluded("no such table proves absence");
    await checkTable(proof.table, name, seal.state);
    for (const record of proof.records) await checkRecord(proof.table, record);
  });
  await steps.run("absent", async () => {
    if (absentKey && !equal(absentKey, proof.key)) notIncluded("another key");
    if (!isAbsent(proof)) notIncluded("the records do not show that the key is absent");
  });
  return { seal, table: proof.table.name, key: toHex(proof.key) };
}

function isAbsent({ table, key, records: [first, second] }) {
  const before = readLinked(first);
  const isBelow = first.ordinal === 0 || compare(before.key, key) < 0;
  if (second !== undefined) {
    return isBelow && before.next !== 0 && before.next === second.ordinal && compare(readLinked(second).key, key) > 0;
  }
  if (isBelow && before.next === 0) return true;
  const isEnded = table.name === "nullifiers" && new FieldReader(first.record).view.getUint32(36) === 0;
  return isEnded && equal(before.key, key);
}

function readLinked({ record }) {
  const fields = new FieldReader(record);
  return { key: fields.take(32), next: fields.u32() };
}
