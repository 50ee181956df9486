/**
 * Walks through a membership's changes and its plan's settlements in the order in which the ledger made them, and stops
 * at the first one that the ledger cannot have made (docs/proofs.md, "Statement", 3). Money is `BigInt` in millionths
 * of a yuan: a `Number` would round.
 */
import { Refused } from "./refused.js";

/** Kinds of changes (docs/state.md, "History"). */
export const Kind = Object.freeze({
  join: 1, fund: 2, topUp: 3, reinstate: 4, leave: 5, end: 6, reverse: 7, fileCase: 8, death: 16, takeOver: 17,
  illness: 18,
});
const FEN = 10_000n;
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

function brokenHistory(message) {
  throw new Refused("proof.broken_history", message);
}

function brokenShares(message) {
  throw new Refused("proof.broken_shares", message);
}

function sum(a, b) {
  const value = a + b;
  return value < LEAST || value > MOST ? null : value;
}

export class Replay {
  /** @param join the first change */
  constructor(join, plan) {
    if (join.kind !== Kind.join || join.amount !== 0n || join.cumulative < 0n) {
      brokenHistory("a history begins with the join");
    }
    this.join = join;
    this.plan = plan;
    this.cumulative = join.cumulative;
    this.time = join.time;
    this.exhaustsAt = 0n;
    this.waitingFrom = 0n;
    this.coveredSince = 0n;
    this.hasEnded = false;
    /** The number that the next settlement must have; `null` before the first. */
    this.number = null;
    /** Every change and every share in their order, with the balance after. */
    this.lines = [{ change: join, moved: 0n, balance: 0n }];
  }

  get wasFunded() { return this.waitingFrom !== 0n; }

  get balance() {
    if (this.hasEnded || !this.wasFunded || this.exhaustsAt < this.cumulative) return 0n;
    return this.exhaustsAt - this.cumulative;
  }

  /** Takes all steps; the settlements must be the plan's, without a gap, up to its last. */
  run(changes, settlements, record) {
    if (settlements.length > 0 && settlements[0].share === 0n) brokenShares("the first settlement takes no share");
    let at = 0;
    for (const change of changes) {
      // A settlement without a share leaves C as it is; then time tells which was first.
      while (at < settlements.length && Replay.isBefore(settlements[at], change)) {
        this.settle(settlements[at]);
        at += 1;
      }
      this.apply(change);
    }
    for (; at < settlements.length; at += 1) this.settle(settlements[at]);
    if (this.cumulative !== record.cumulative || (this.number !== null && this.number !== record.settlements + 1)) {
      brokenShares("the settlements do not lead to the plan's cumulative share");
    }
  }

  static isBefore(settlement, change) {
    return settlement.cumulative < change.cumulative
      || (settlement.cumulative === change.cumulative && settlement.time <= change.time);
  }

  settle(settlement) {
    const follows = settlement.plan === this.plan && (this.number === null || this.number === settlement.number)
      && settlement.share >= 0n && settlement.time >= this.time
      && sum(this.cumulative, settlement.share) === settlement.cumulative;
    if (!follows) brokenShares(`settlement ${settlement.number} does not follow what was before`);
    const given = this.balance < settlement.share ? this.balance : settlement.share;
    this.cumulative = settlement.cumulative;
    this.time = settlement.time;
    this.number = settlement.number + 1;
    if (settlement.share > 0n) this.lines.push({ settlement, moved: -given, balance: this.balance });
  }

  apply(change) {
    const require = (holds, message) => {
      if (!holds) brokenHistory(`change of kind ${change.kind} at ${change.time}: ${message}`);
    };
    require(change.cumulative === this.cumulative, "the plan's cumulative share was another then");
    require(change.time >= this.time, "it is earlier than what was before it");
    require(!this.hasEnded || (change.kind >= Kind.fileCase && change.kind <= Kind.death), "the membership had ended");
    this.time = change.time;
    const before = this.balance;
    this.change(change, require);
    this.lines.push({ change, moved: this.balance - before, balance: this.balance });
  }

  change(change, require) {
    const { kind, amount, time } = change;
    if (kind === Kind.fund || kind === Kind.topUp || kind === Kind.reinstate) {
      require(amount > 0n, "a deposit is more than nothing");
      if (kind === Kind.topUp) require(this.balance > 0n, "the membership was not funded");
      else require(this.balance === 0n, "the membership was funded");
      if (kind === Kind.reinstate) require(this.wasFunded, "there was nothing to make good");
      const after = sum(kind === Kind.fund ? this.cumulative : this.exhaustsAt, amount);
      require(after !== null, "more than the ledger can count");
      this.exhaustsAt = after;
      if (kind === Kind.fund) this.waitingFrom = time;
      if (kind !== Kind.topUp) this.coveredSince = time;
      if (kind === Kind.reinstate) require(this.balance > 0n, "less than the arrears");
    } else if (kind === Kind.reverse) {
      require(amount > 0n && amount <= this.balance, "more than the balance bears");
      this.exhaustsAt -= amount;
    } else if (kind === Kind.end) {
      require(amount === this.balance - (this.balance % FEN), "the balance goes back in whole fen");
      this.hasEnded = true;
    } else if (kind === Kind.illness) {
      require(amount >= 0n, "less than nothing goes back");
    } else {
      require(kind !== Kind.join, "a second join");
      require(amount === 0n, "it moves no money");
    }
  }

  /** The record must say what the steps gave. */
  compare(membership, sealTime) {
    const holds = this.join.number === BigInt(membership.number) && this.join.time === membership.joined
      && this.exhaustsAt === membership.exhaustsAt && this.waitingFrom === membership.waitingFrom
      && this.coveredSince === membership.coveredSince && this.hasEnded === (membership.status === 3)
      && this.time <= sealTime;
    if (!holds) brokenHistory("the changes do not give the membership's record");
  }
}
