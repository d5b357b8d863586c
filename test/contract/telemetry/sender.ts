/**
 * A process that sends telemetry with the real adapter, as relay and Functions do (one process each: OpenTelemetry has one SDK per
 * process). Every line of standard input is a deed, answered by a line: how long it took, in ms. At the end it flushes and exits.
 */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { loadTelemetry } from '../../../shared/adapters/telemetry/load-telemetry.ts';
import type { MetricName } from '../../../shared/telemetry/metrics.ts';
import { metrics } from '../../../shared/telemetry/metrics.ts';
import { readTelemetrySettings } from '../../../shared/telemetry/settings.ts';
import type { Telemetry } from '../../../shared/telemetry/telemetry.ts';

const role = process.env['ROLE'] === 'functions' ? 'functions' : 'relay';
const begun = performance.now();
const telemetry = await loadTelemetry(readTelemetrySettings(process.env), {
  ...{ role, instance: `${role}-1` },
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
});
say({ started: performance.now() - begun });

const deeds: Record<string, (argument: string) => void | Promise<void>> = {
  // A notification that becomes a ring: answers the traceparent that goes on with it.
  ring: () => {
    const span = telemetry.start('notification', { attributes: { kind: 'user', ids: 1 } });
    span.end();
    say({ traceparent: span.traceparent });
  },
  apply: (parent) => {
    const apply = telemetry.start('apply', { parent, startedAt: Date.now() - 250 });
    telemetry.start('ldap', { parent: apply.traceparent }).end({ outcome: 'failed' });
    const line = { severity: 'info' as const, trace: apply.traceparent };
    telemetry.event('applied', { ...line, fields: { id: 'x', changed: ['title'], lagMs: 12 } });
    apply.end({ attributes: { of: 'user', outcome: 'updated' } });
  },
  page: (link) => telemetry.start('read page', { links: [link] }).end(),
  metrics: () => measure(telemetry),
  warn: (code) => telemetry.event('lanes paused', { severity: 'warn', fields: { code } }),
  loud: (code) => telemetry.event('HALTED', { severity: 'loud', fields: { code } }),
  flush: () => telemetry.flush(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [deed = '', argument = ''] = line.split(' ');
  const before = performance.now();
  await deeds[deed]?.(argument);
  say({ done: deed, ms: performance.now() - before });
}
await telemetry.flush();
process.exit(0);

/** Every metric of the table that this process records, with the first value of each of its dimensions. */
function measure({ record }: Telemetry): void {
  const all = Object.entries(metrics) as [MetricName, (typeof metrics)[MetricName]][];
  for (const [name, { dimensions }] of all) {
    const chosen = Object.entries(dimensions).map(([label, values]) => [label, (values as string[])[0]]);
    for (const value of [2, 4]) record(name, value, Object.fromEntries(chosen) as never);
  }
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
