/** SHA-256 and the Merkle tree of RFC 6962. */
import { concat, equal, utf8 } from "./bytes.js";
import { notIncluded } from "./refused.js";

/** SHA-256 of parts one after the other. */
export async function sha256(...parts) {
  const bytes = parts.length === 1 ? parts[0] : concat(...parts);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** What stands before signed or hashed bytes of ours, so that one kind never passes for another. */
export function domain(purpose) {
  return concat(utf8(`tongzhou/${purpose}/v1`), Uint8Array.of(0));
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(bytes) { return sha256(LEAF, bytes); }

export function nodeHash(left, right) { return sha256(NODE, left, right); }

/** The root of an empty tree. */
export function emptyRoot() { return sha256(new Uint8Array(0)); }

/**
 * The root that a leaf's hash and a path lead to (RFC 9162, 2.1.3.2).
 *
 * @param {bigint} index the leaf's
 * @param {bigint} size number of leaves
 * @returns `null` where index, size and path do not fit together
 */
export async function rootOf(hash, index, size, path) {
  if (index >= size) return null;
  let node = index;
  let last = size - 1n;
  let root = hash;
  for (const sibling of path) {
    if (last === 0n) return null;
    if ((node & 1n) === 1n || node === last) {
      root = await nodeHash(sibling, root);
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      root = await nodeHash(root, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? root : null;
}

/** Throws `proof.not_included` unless the bytes stand at an index of the tree with this root. */
export async function checkPlace(bytes, index, size, path, root, what) {
  const found = await rootOf(await leafHash(bytes), BigInt(index), BigInt(size), path);
  if (found === null || !equal(found, root)) notIncluded(`${what} is not where the file says it is`);
}

/** The largest power of two below a number from 2 on. */
function split(count) {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/** The RFC 6962 root over leaves' hashes. */
export async function treeRoot(hashes) {
  if (hashes.length === 0) return emptyRoot();
  let level = hashes;
  // Pairs from the left, the odd one out going up as it is, give the tree that splits at powers of two.
  while (level.length > 1) {
    const above = [];
    for (let at = 0; at + 1 < level.length; at += 2) above.push(nodeHash(level[at], level[at + 1]));
    if (level.length % 2 === 1) above.push(level[level.length - 1]);
    level = await Promise.all(above);
  }
  return level[0];
}

/**
 * The root over a table of which some leaves are known ("Several records" of docs/proofs.md).
 *
 * @param {number} count leaves of the table
 * @param {number[]} ordinals of the known leaves
 * @param {Uint8Array[]} leaves their hashes
 * @param {Uint8Array[]} hashes roots of the largest subtrees without a known leaf, from left to right
 * @returns the root; `null` where no leaf is known, so that nothing is claimed
 * Throws `proof.not_included` where ordinals do not ascend, one is too large, or hashes are missing or left over.
 */
export async function rootOfSeveral(count, ordinals, leaves, hashes) {
  for (let at = 0; at < ordinals.length; at += 1) {
    if (ordinals[at] >= count || (at > 0 && ordinals[at] <= ordinals[at - 1])) notIncluded("ordinals do not ascend");
  }
  let nextLeaf = 0;
  let nextHash = 0;
  // Takes leaves and hashes from left to right at once; only the hashing waits, so that it runs side by side.
  const range = (from, to) => {
    if (nextLeaf === ordinals.length || ordinals[nextLeaf] >= to) {
      if (nextHash === hashes.length) notIncluded("hashes are missing");
      nextHash += 1;
      return hashes[nextHash - 1];
    }
    if (to - from === 1) {
      nextLeaf += 1;
      return leaves[nextLeaf - 1];
    }
    const middle = from + split(to - from);
    const left = range(from, middle);
    const right = range(middle, to);
    return Promise.all([left, right]).then(([a, b]) => nodeHash(a, b));
  };
  const root = await (ordinals.length === 0 ? null : range(0, count));
  if (nextHash !== hashes.length) notIncluded("hashes are left over");
  return root;
}
