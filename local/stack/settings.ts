/** Environment variables by name. */
export type Settings = Record<string, string>;
