/** Why a file proves nothing: a stable code (docs/errors.md) and what was found, in English for people who look. */
export class Refused extends Error {
  /**
   * @param {string} code one of the `proof.*` codes of docs/proofs.md
   * @param {string} message what was found; never a name or a secret
   */
  constructor(code, message) {
    super(message);
    this.name = "Refused";
    this.code = code;
  }
}

/** Throws `proof.malformed`. */
export function malformed(message) {
  throw new Refused("proof.malformed", message);
}

/** Throws `proof.not_included`. */
export function notIncluded(message) {
  throw new Refused("proof.not_included", message);
}
