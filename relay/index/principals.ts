import type { RelayClock } from '../clock.ts';
import type { Directory, Principal, Sid } from '../ports.ts';

/** For how long a principal that was found by SID is believed: its adminCount may change. */
const keptMs = 30_000;
const mostKept = 20_000;

/** Users and groups of the domain by SID, as members name them; remembers what it found for half a minute. */
export class Principals {
  readonly #directory: Directory;
  readonly #clock: RelayClock;
  readonly #kept = new Map<Sid, { principal: Principal; until: number }>();

  constructor(directory: Directory, clock: RelayClock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Those of the SIDs that the domain knows. */
  async find(sids: readonly Sid[]): Promise<Map<Sid, Principal>> {
    const now = this.#clock.monotonicMs();
    const found = new Map<Sid, Principal>();
    const unknown: Sid[] = [];
    for (const sid of sids) {
      const kept = this.#kept.get(sid);
      if (kept !== undefined && kept.until > now) found.set(sid, kept.principal);
      else unknown.push(sid);
    }
    if (unknown.length === 0) return found;
    if (this.#kept.size > mostKept) this.#kept.clear();
    for (const [sid, principal] of await this.#directory.findBySid(unknown)) {
      found.set(sid, principal);
      this.#kept.set(sid, { principal, until: now + keptMs });
    }
    return found;
  }
}

/** The first relative identifier that is not built in (MS-ADTS 3.1.1.1.9.5). */
const firstOwnRid = 1000;

/** Whether a principal may be a member: a user or group of a domain, not built in and not privileged. */
export function mayBeMember(principal: Principal): boolean {
  const rid = /^S-1-5-21-\d+-\d+-\d+-(\d+)$/.exec(principal.sid)?.[1];
  return (
    principal.kind !== 'other' &&
    rid !== undefined &&
    Number(rid) >= firstOwnRid &&
    principal.adminCount !== 1
  );
}
