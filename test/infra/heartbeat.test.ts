import { expect, it } from 'vitest';
import { readConfig, slowestBeatMs } from '../../relay/config.ts';
import { environments, readSnapshot } from './snapshot.ts';
import { logAlerts } from './watching/deployed.ts';

const relay = {
  ...{ SERVICEBUS: 'Endpoint=sb://bus.example/', DIRECTORY_URL: 'ldaps://dc.wb.example' },
  ...{ DIRECTORY_BIND_NAME: 'svc@wb.example', DIRECTORY_PASSWORD: 'secret' },
  DIRECTORY_DESTINATION: 'OU=Cloud,DC=wb,DC=example',
};

/** How many times the slowest relay beats within the window of an alert, and how many the alert wants to see. */
function beatsOf(environment: (typeof environments)[number], section: string) {
  const alert = logAlerts(readSnapshot(environment)).find(({ description }) => description.endsWith(section));
  const minutes = Number(/^PT(\d+)M$/.exec(alert?.windowSize ?? '')?.[1]);
  const [criterion] = (alert?.criteria.allOf ?? []) as unknown as { threshold: number }[];
  return { beats: (minutes * 60_000) / slowestBeatMs, threshold: criterion?.threshold ?? Number.NaN };
}

it.each(environments)(
  'the slowest relay that the settings allow beats often enough for the alerts of %s',
  (of) => {
    // Below its threshold: two beats that get lost must not wake anybody.
    const silent = beatsOf(of, '#relay-silent');
    expect(silent.beats - 2).toBeGreaterThanOrEqual(silent.threshold);
    const paused = beatsOf(of, '#relay-paused');
    expect(paused.beats).toBeGreaterThanOrEqual(paused.threshold);
  },
);

it('no slower one is allowed', () => {
  const config = (ms: number) => readConfig({ ...relay, RELAY_HEARTBEAT_MS: String(ms) });
  expect(config(slowestBeatMs).RELAY_HEARTBEAT_MS).toBe(slowestBeatMs);
  expect(() => config(slowestBeatMs + 1)).toThrow('RELAY_HEARTBEAT_MS');
});
