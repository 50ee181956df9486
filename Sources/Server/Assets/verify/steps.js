/** Tells whoever watches which step of a check is at work, and notes where it stopped. */
export class Steps {
  /** @param {(name: string, state: "begun" | "passed" | "refused") => void} [watch] */
  constructor(watch = () => {}) {
    this.watch = watch;
    /** Steps that passed, in their order. */
    this.passed = [];
  }

  /** Runs a step; an error gets its name as `step`. */
  async run(name, work) {
    this.watch(name, "begun");
    try {
      const value = await work();
      this.passed.push(name);
      this.watch(name, "passed");
      return value;
    } catch (error) {
      error.step ??= name;
      this.watch(name, "refused");
      throw error;
    }
  }
}
