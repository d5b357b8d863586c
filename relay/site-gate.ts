import type { WritebackError } from '../shared/errors.ts';
import type { Log } from '../shared/telemetry/log.ts';
import type { RelayClock } from './clock.ts';
import { Gate } from './pump/gate.ts';
import type { Bus } from './pump/lane.ts';
import { ConfigurationHalt } from './pump/streak.ts';
import type { Secrets } from './secrets.ts';
import type { WorkSite } from './work-site.ts';

/** What a gate watches over. */
export type Guarded = { bus: Bus; site: WorkSite; secrets: Secrets; clock: RelayClock; log: Log };

/** The gate before the lanes, which closes for what hits all of them: directory or Service Bus away, or set up wrongly. */
export function siteGate(guarded: Guarded): Gate {
  const { secrets, clock, log } = guarded;
  return new Gate({
    clock,
    check: (error) => check(error, guarded),
    isWorthTrying: (error) => error.code === 'credentials-refused' && secrets.haveChanged(),
    report: (state, error) => report(state, error, log),
  });
}

/** Connects, reads what is there, and says so. Throws what is wrong. */
export async function openSite(site: WorkSite, log: Log): Promise<void> {
  await site.open();
  const { index, description } = site.workplace;
  const { domain, account } = description;
  log.info('directory open', { entries: index.size, domain, account });
  announceReady(index.size);
}

let isAnnounced = false;
/** The line that says to whoever started the process that it works now; once. */
function announceReady(entries: number): void {
  if (isAnnounced) return;
  isAnnounced = true;
  process.stdout.write(`${JSON.stringify({ ready: 'relay', entries })}\n`);
}

/** Tries what closed the gate. A code that became everybody's is tried by the trial lane itself. */
async function check(error: WritebackError, { bus, site, log }: Guarded): Promise<void> {
  if (error instanceof ConfigurationHalt) return;
  if (error.code.startsWith('bus-')) return bus.probe();
  if (error.disposition === 'halt' || !site.isOpen) return openSite(site, log);
  if (error.code.startsWith('directory-')) return site.workplace.directory.ping();
}

function report(state: 'paused' | 'halted' | 'open', error: WritebackError, log: Log): void {
  if (state === 'open') log.info('lanes open', { after: error.code });
  else if (state === 'paused') log.warn('lanes paused', told(error));
  else log.loud('HALTED', told(error));
}

export function told(error: WritebackError): { code: string; reason: string } {
  return { code: error.code, reason: error.message };
}
