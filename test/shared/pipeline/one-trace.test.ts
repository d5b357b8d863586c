import { beforeEach, describe, expect, it } from 'vitest';
import { hintRings, type Ringing, roundRings } from '../../../shared/receiving/rings-for.ts';
import { metrics } from '../../../shared/telemetry/metrics.ts';
import { spans } from '../../../shared/telemetry/spans.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import type { RecordedSpan } from '../../fakes/telemetry.ts';
import { tracedCloud } from './traced-cloud.ts';

const [ann, bob] = [idOf('user', 1), idOf('user', 2)];
const staff = idOf('group', 1);

let cloud: ReturnType<typeof tracedCloud>;
const ringing = (): Ringing => ({ now: cloud.clock.now() });
const notify = (ids: readonly { kind: 'user' | 'group'; id: typeof ann; eventAt: number }[]) =>
  cloud.edge.send(
    hintRings(
      ringing(),
      ids.map((hint) => ({ ...hint, subscriptionId: 'sub' })),
    ),
  );
const named = (name: RecordedSpan['name']) => cloud.telemetry.spans.filter((span) => span.name === name);
const childrenOf = ({ spanId }: RecordedSpan) =>
  cloud.telemetry.spans.filter(({ parent }) => parent === spanId).map(({ name }) => name);

/** The first full round is over, and forgotten by whoever measures. */
beforeEach(async () => {
  cloud = tracedCloud();
  await cloud.edge.send(roundRings(ringing(), 'sweep'));
  await cloud.run(600_000);
  cloud.telemetry.spans.length = 0;
  cloud.telemetry.measurements.length = 0;
});

describe('one change', () => {
  it('is one tree from the notification to what is owed after the record', async () => {
    cloud.tenant.putUser(ann);
    await notify([{ kind: 'user', id: ann, eventAt: cloud.clock.now() }]);
    await cloud.run(120_000);
    const [root] = named('notification');
    expect(cloud.telemetry.withoutParent()).toEqual([root]);
    expect(new Set(cloud.telemetry.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(root?.attributes).toEqual({ kind: 'user', cause: 'notification', ids: 1 });
    expect(childrenOf(root as RecordedSpan)).toEqual(['read users']);
    const [read] = named('read users');
    expect(read?.attributes).toMatchObject({ cause: 'notification', want: 'look', attempt: 0 });
    expect(childrenOf(read as RecordedSpan)).toContain('apply');
    const [applied] = named('apply');
    expect(childrenOf(applied as RecordedSpan)).toEqual(['record']);
    const [record] = named('record');
    expect(record?.attributes).toMatchObject({ of: 'user', id: ann, outcome: 'created' });
    // A new entry: memberships and reports are asked for.
    expect(childrenOf(record as RecordedSpan)).toEqual(expect.arrayContaining(['read groups', 'read users']));
    expect(cloud.telemetry.spans.filter(({ isEnded }) => !isEnded)).toEqual([]);
  });

  it('stays in its own trace where a batch has several', async () => {
    cloud.tenant.putUser(ann);
    cloud.tenant.putUser(bob);
    const now = cloud.clock.now();
    await notify([
      { kind: 'user', id: ann, eventAt: now - 2_000 },
      { kind: 'user', id: bob, eventAt: now - 1_000 },
    ]);
    await cloud.run();
    expect(named('notification')).toHaveLength(2);
    // A command, and a ring to look at the new object once more.
    expect(
      named('read users')
        .slice(0, 2)
        .map(({ attributes }) => attributes['sent']),
    ).toEqual([2, 2]);
    const traceOf = (id: string) => named('apply').find(({ attributes }) => attributes['id'] === id)?.traceId;
    const roots = named('notification').map(({ traceId }) => traceId);
    expect([traceOf(ann), traceOf(bob)]).toEqual(roots);
    expect(cloud.telemetry.withoutParent()).toEqual(named('notification'));
    // The line of the batch belongs to no single one of them.
    const [line] = cloud.log.lines.filter(({ fields }) => fields['queue'] === 'users').slice(-1);
    expect(line?.fields['traceIds']).toBeInstanceOf(Array);
  });
});

describe('a full round', () => {
  it('begins a trace per page, linked to the read that sends it', async () => {
    const fresh = tracedCloud();
    cloud = fresh;
    fresh.tenant.putUser(ann);
    fresh.tenant.putUser(bob);
    fresh.tenant.putGroup(staff);
    fresh.tenant.addMember(staff, { id: ann, type: 'user' });
    await fresh.edge.send(roundRings(ringing(), 'sweep'));
    // Before the early lists of a first load are read again, which is a matter of its own.
    await fresh.run(30_000);
    const pages = named('read page');
    expect(pages.length).toBeGreaterThan(1);
    const readers = new Set([...named('read users'), ...named('read groups')].map(({ spanId }) => spanId));
    for (const page of pages) {
      expect(page.parent).toBeUndefined();
      expect(page.links.map((link) => readers.has(link.split('-')[2] ?? ''))).toEqual([true]);
      expect(page.attributes['sent']).toBe(childrenOf(page).filter((name) => name === 'apply').length);
      expect(page.outcome).toBe('ok');
    }
    // All that is applied belongs to a page.
    const ids = new Set(pages.map(({ spanId }) => spanId));
    expect(named('apply').length).toBeGreaterThan(2);
    expect(named('apply').filter(({ parent = '' }) => !ids.has(parent))).toEqual([]);
    // Every parent is a span that exists; nothing of the page is in the trace of the ring.
    expect(fresh.telemetry.withoutParent().every(({ parent }) => parent === undefined)).toBe(true);
    const kinds = new Set(pages.map(({ attributes }) => attributes['kind']));
    expect(kinds).toEqual(new Set(['user', 'group']));
  });
});

describe('what is measured', () => {
  it('has the names and the dimensions of the tables, all of them, and no value of an object', async () => {
    cloud.tenant.putUser(ann, { displayName: 'Secret Ann', userPrincipalName: 'ann-secret@contoso.com' });
    cloud.tenant.putGroup(staff, { displayName: 'Secret staff' });
    cloud.tenant.addMember(staff, { id: ann, type: 'user' });
    cloud.relay.rejections = 1;
    await notify([
      { kind: 'user', id: ann, eventAt: cloud.clock.now() },
      { kind: 'group', id: staff, eventAt: cloud.clock.now() },
    ]);
    await cloud.run(600_000);
    const { measurements, spans: recorded } = cloud.telemetry;
    expect(measurements.length).toBeGreaterThan(5);
    for (const { metric, dimensions } of measurements) {
      const allowed: Record<string, readonly string[]> = metrics[metric].dimensions;
      expect(Object.keys(dimensions).sort()).toEqual(Object.keys(allowed).sort());
      for (const [name, value] of Object.entries(dimensions)) expect(allowed[name]).toContain(value);
    }
    for (const { name, attributes } of recorded) {
      for (const attribute of Object.keys(attributes)) expect(spans[name].attributes).toContain(attribute);
    }
    const everything = JSON.stringify([measurements, recorded, cloud.log.lines]);
    expect(everything).toContain(ann);
    expect(everything).not.toMatch(/secret/i);
  });
});
