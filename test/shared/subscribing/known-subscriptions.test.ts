import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../shared/domain/time.ts';
import { WritebackError } from '../../../shared/errors.ts';
import type { Subscription } from '../../../shared/ports.ts';
import { createKnownSubscriptions } from '../../../shared/subscribing/known-subscriptions.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeLog } from '../../fakes/log.ts';

const subscription = (id: string): Subscription => ({
  id,
  resource: 'users',
  notificationUrl: 'https://app.example/n',
  lifecycleNotificationUrl: 'https://app.example/l',
  changeType: 'updated,deleted',
  expiresAt: epochMs(0),
});

/** What Graph lists, how often it was asked, and whether it answers at all. */
function scene(...ids: string[]) {
  const graph = { ids, asked: 0, away: false };
  const clock = fakeClock(1_795_000_000_000);
  const list = async (): Promise<Subscription[]> => {
    graph.asked += 1;
    if (graph.away) throw new WritebackError('graph-unavailable');
    return graph.ids.map(subscription);
  };
  const known = createKnownSubscriptions({ subscriptions: { list }, clock, log: fakeLog() });
  return { graph, clock, known };
}

describe('subscriptions of this app', () => {
  it('are known by their id, in any casing, and Graph is asked once', async () => {
    const { graph, known } = scene('AAA', 'bbb');
    expect(await Promise.all(['aaa', 'BBB', 'bbb'].map((id) => known.has(id)))).toEqual([true, true, true]);
    expect(graph.asked).toBe(1);
  });

  it('do not include anybody else’s, and a flood of those asks Graph no more often', async () => {
    const { graph, known } = scene('ours');
    const answers = [];
    for (let at = 0; at < 50; at++) answers.push(await known.has(`other-${at}`));
    expect(answers.every((answer) => !answer)).toBe(true);
    expect(graph.asked).toBe(1);
  });

  it('include one that was made later, after some seconds', async () => {
    const { graph, clock, known } = scene('ours');
    await known.has('ours');
    graph.ids = ['ours', 'fresh'];
    expect(await known.has('fresh')).toBe(false);
    clock.advance(5_000);
    expect(await known.has('fresh')).toBe(true);
  });

  it('are believed while Graph is away: a hint only makes a reader look', async () => {
    const { graph, known } = scene('ours');
    graph.away = true;
    expect(await known.has('anything')).toBe(true);
    graph.away = false;
    expect(await known.has('anything')).toBe(false);
  });
});
