/**
 * `yes` and `part` are claims: each tag needs a passing test. `not yet`: it comes later. `no`: it is left out on purpose.
 * `fact`: nothing that could be supported.
 */
export type Support = 'yes' | 'part' | 'not yet' | 'no' | 'fact';

/** One row of docs/features.md. */
export type Feature = {
  name: string;
  support: Support;
  /** In what way, in a sentence or two; what is missing, where something is. */
  how: string;
  /** Name of the option of writeback.config.ts, or of the relay's environment variable. */
  option?: string;
  /** Tests prove the row: those whose titles begin with one of these in brackets, `[users.names.swap] two users …`. */
  tags?: readonly string[];
};

/** A table of the page. */
export type Section = { title: string; about: string; rows: readonly Feature[] };
