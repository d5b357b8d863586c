/** What the exit code of `npm start` means. */
export const exitCodes = { fine: 0, differences: 1, environment: 2, part: 3 } as const;

/** The machine or the command line is not fit for a start: exit code 2, and a sentence that says what to do. */
export class NotFit extends Error {}
