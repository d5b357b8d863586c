import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { assumptions } from '../../../local/cost/prices.ts';
import { renderTelemetry } from '../../../local/telemetry/render.ts';
import { drawing } from '../../../local/telemetry/trace-drawing.ts';
import { events } from '../../../shared/telemetry/events.ts';
import { metrics } from '../../../shared/telemetry/metrics.ts';
import { spans } from '../../../shared/telemetry/spans.ts';

const page = join(import.meta.dirname, '../../../docs/telemetry.md');

it('docs/telemetry.md is what the tables give (npm run telemetry)', () => {
  expect(readFileSync(page, 'utf8')).toBe(renderTelemetry());
});

it('tells the same volumes as docs/cost.md counts with', () => {
  const { idleTelemetryMegabytesPerHour, ownTelemetryKilobytesPerChange } = assumptions;
  const [, section = ''] = renderTelemetry().split('## Sampling and cost');
  const aDay = [...section.matchAll(/(\d+) MB a day/g)].map(([, megabytes]) => Number(megabytes));
  expect(aDay).toEqual([
    Math.round(10 * ownTelemetryKilobytesPerChange),
    Math.round(24 * idleTelemetryMegabytesPerHour),
  ]);
});

it('names every metric, span and event', () => {
  const rows = renderTelemetry()
    .split('\n')
    .filter((line) => line.startsWith('|'));
  for (const name of [metrics, spans, events].flatMap((table) => Object.keys(table)))
    expect(
      rows.filter((row) => row.startsWith(`| \`${name}\` |`)),
      name,
    ).toHaveLength(1);
});

it('draws every span', () => {
  const drawn = drawing().join('\n');
  for (const name of Object.keys(spans)) expect(drawn).toMatch(new RegExp(`\\b${name}\\b`));
});
