/**
 * What the layouts of docs/state.md and docs/hearts.md ask of a record beside its width: bytes that are zero, and
 * numbers of one byte (or two, `wide`) that name one of a few things. A record that breaks this cannot be what the
 * ledger wrote.
 */

/** Widths in bytes; `zero` lists [offset, length], `values` and `wide` [offset, least, most]. */
const LAYOUTS = {
  account_keys: { width: 84 },
  accounts: { width: 40, zero: [[38, 2]] },
  attestations: { width: 48 },
  beneficiaries: { width: 184 },
  cases: { width: 172, values: [[3, 1, 13]] },
  channels: { width: 56, zero: [[6, 2]] },
  complaints: { width: 96, values: [[4, 1, 3], [5, 1, 6]], zero: [[14, 2]] },
  consents: { width: 64, wide: [[4, 1, 5]], zero: [[6, 2]] },
  convention_pages: { width: 256 },
  conventions: { width: 52 },
  dice: { width: 48 },
  draws: { width: 64, values: [[0, 0, 1]], zero: [[1, 3]] },
  evidence: { width: 24, values: [[4, 1, 5]], zero: [[5, 1]] },
  exhibits: { width: 48, zero: [[38, 2]] },
  fast_tracks: { width: 104, values: [[12, 1, 5]], zero: [[13, 3]] },
  field_checks: { width: 60, values: [[8, 1, 4]], zero: [[9, 3]] },
  flows: { width: 64, values: [[40, 0, 5]], zero: [[41, 3]] },
  formulas: { width: 52 },
  gift_kinds: { width: 44, values: [[32, 1, 4], [33, 1, 5]], zero: [[34, 2]] },
  gifts: { width: 68, values: [[64, 0, 3], [65, 0, 1]], zero: [[66, 2]] },
  givers: { width: 184 },
  group_seats: { width: 52, values: [[48, 0, 1]], zero: [[49, 3]] },
  groups: { width: 52, values: [[0, 1, 2]], zero: [[1, 1]] },
  hearts: { width: 64 },
  helpers: { width: 108 },
  hospital_records: { width: 52, zero: [[38, 2]] },
  illnesses: { width: 104, values: [[37, 0, 3]], zero: [[42, 2]] },
  index_consents: { width: 84 },
  juries: { width: 40, values: [[12, 0, 1], [13, 0, 4]] },
  keys: { width: 56, values: [[32, 1, 4]], zero: [[33, 1]] },
  lots: { width: 108, values: [[6, 1, 6], [7, 1, 5]], zero: [[14, 2]] },
  memberships: { width: 112, values: [[96, 1, 3]] },
  notices: { width: 36, values: [[2, 0, 1]], zero: [[3, 1]] },
  nullifiers: { width: 40 },
  objections: { width: 56, wide: [[12, 1, 6]], zero: [[14, 2]] },
  officers: { width: 56 },
  organisations: { width: 148, values: [[50, 0, 1], [51, 0, 2]], name: 48 },
  parameters: { width: 16, zero: [[14, 2]] },
  partners: { width: 80 },
  pauses: { width: 36, values: [[0, 1, 2]], zero: [[1, 1]] },
  payment_references: { width: 56, zero: [[38, 2]] },
  plans: { width: 280, values: [[240, 1, 4], [241, 0, 1]], zero: [[234, 2], [242, 2]] },
  projects: { width: 280, zero: [[2, 2]] },
  proposal_pages: { width: 256 },
  proposals: { width: 144, values: [[0, 1, 17], [1, 1, 7]], zero: [[14, 2]] },
  queue: { width: 40, values: [[0, 1, 7], [1, 0, 1]] },
  recoveries: { width: 100, values: [[24, 1, 5]], zero: [[25, 3]] },
  refunds: { width: 32, values: [[0, 1, 4], [1, 0, 3]] },
  relations: { width: 48, zero: [[6, 2]] },
  reports: { width: 24, values: [[4, 0, 1]], zero: [[5, 3]] },
  reserve_statements: { width: 80 },
  reveals: { width: 40, zero: [[6, 2]] },
  rules: { width: 12, values: [[0, 1, 17], [2, 1, 255]], zero: [[3, 1]] },
  seats: { width: 48, values: [[12, 1, 5]], zero: [[13, 3]] },
  settlements: { width: 192, zero: [[2, 2], [188, 4]] },
  trace_books: { width: 56 },
  trace_manifests: { width: 60, zero: [[50, 2]] },
  volunteers: { width: 16, values: [[6, 0, 1]], zero: [[7, 1]] },
  votes: { width: 36, values: [[6, 0, 1]], zero: [[7, 1]] },
};

/** The width of a table's records in bytes; `undefined` for a table that is not known. */
export function widthOf(table) {
  return Object.hasOwn(LAYOUTS, table) ? LAYOUTS[table].width : undefined;
}

/** Whether the bytes, of the right width, are such as the table's layout gives. */
export function isCanonical(table, record) {
  const { zero = [], values = [], wide = [], name = 0 } = LAYOUTS[table];
  // Zero bytes fill up a name and stand nowhere in it.
  const isName = (text) => !text.some((byte, at) => byte !== 0 && at > 0 && text[at - 1] === 0);
  return zero.every(([at, length]) => record.subarray(at, at + length).every((byte) => byte === 0))
    && values.every(([at, least, most]) => record[at] >= least && record[at] <= most)
    && wide.every(([at, least, most]) => {
      const value = record[at] * 256 + record[at + 1];
      return value >= least && value <= most;
    })
    && isName(record.subarray(0, name));
}
