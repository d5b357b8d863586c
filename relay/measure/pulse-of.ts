import type { Gate } from '../pump/gate.ts';
import type { WorkSite } from '../work-site.ts';
import type { Pulse } from './heartbeat.ts';

/** How the relay is: what the gate says, and before anything has gone wrong, whether the directory has been read. */
export function pulseOf(gate: Pick<Gate, 'error'>, site: Pick<WorkSite, 'isOpen' | 'entries'>): Pulse {
  const { error } = gate;
  const { entries } = site;
  if (error !== undefined) return { state: error.disposition === 'halt' ? 'halted' : 'paused', entries };
  return { state: site.isOpen ? 'open' : 'starting', entries };
}
