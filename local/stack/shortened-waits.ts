/** A wait that the local stack shortens, because a demonstration or a test cannot wait as long as production does. */
export type ShortenedWait = {
  setting: string;
  part: 'host' | 'broker';
  /** What production has (default of the setting, or of infra/queues.json). */
  production: string;
  local: string;
  what: string;
};

/** Every wait that differs from production, in the order in which the start command prints them. */
export const shortenedWaits: readonly ShortenedWait[] = [
  {
    setting: 'BROKER_LOCK_SECONDS',
    part: 'broker',
    production: '300 (readers), 60 (others)',
    local: '15',
    what: 'how long a session or message stays locked to a process that was killed',
  },
  {
    setting: 'READER_BUDGET_MS',
    part: 'host',
    production: '120000',
    local: '8000',
    what: 'how long one invocation of a reader works before it rings its own doorbell (below the lock)',
  },
  {
    setting: 'SECOND_LOOK_MS',
    part: 'host',
    production: '60000',
    local: '3000',
    what: 'second look at an object whose notification led to nothing new',
  },
  {
    setting: 'LOOK_AGAIN_MS',
    part: 'host',
    production: '2000,15000,60000,300000',
    local: '500,2000,5000,15000',
    what: 'looks at a group that no delta round has shown yet',
  },
  {
    setting: 'REPEAT_MEMBERS_MS',
    part: 'host',
    production: '900000',
    local: '10000',
    what: 'repetition of a direct membership read that was close to a delta',
  },
  {
    setting: 'PARK_MS',
    part: 'host',
    production: '60000,300000,3600000,21600000,86400000',
    local: '1000,2000,5000,10000,30000',
    what: 'rings of a parked object',
  },
  {
    setting: 'SWEEP_SCHEDULE',
    part: 'host',
    production: '0 */5 * * * *',
    local: '*/15 * * * * *',
    what: 'the safety net: a delta round without any notification',
  },
  {
    setting: 'SUBSCRIPTION_SCHEDULE',
    part: 'host',
    production: '0 */30 * * * *',
    local: '*/15 * * * * *',
    what: 'creation and renewal of the Graph subscriptions',
  },
  {
    setting: 'STOCK_SCHEDULE',
    part: 'host',
    production: '0 */10 * * * *',
    local: '*/30 * * * * *',
    what: 'counting what is parked',
  },
];

/** The shortened settings of one part, as environment variables. */
export const waitsOf = (part: ShortenedWait['part']): Record<string, string> =>
  Object.fromEntries(
    shortenedWaits.filter((wait) => wait.part === part).map((wait) => [wait.setting, wait.local]),
  );
