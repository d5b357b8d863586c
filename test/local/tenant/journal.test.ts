import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../../local/tenant/journal.ts';
import { TenantState } from '../../../local/tenant/tenant-state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let now = 1_000;
let ids = 0;
const open = (): { state: TenantState; journal: Journal } => {
  const journal = new Journal(folder);
  const newId = () => `id-${ids++}`;
  return { journal, state: new TenantState({ journal, now: () => now++, newId }) };
};

test('a state opened again is the same', () => {
  const { state, journal } = open();
  state.commit([
    { op: 'create', type: 'group', id: 'g', properties: {} },
    { op: 'create', type: 'user', id: 'u', properties: { department: 'HR' } },
    { op: 'link', relation: 'members', group: 'g', targets: ['u', 'v'] },
    { op: 'delete', id: 'u' },
  ]);
  const { tenantId } = state;
  journal.close();
  const again = open();
  expect(again.state.tenantId).toBe(tenantId);
  expect(again.state.directory.position).toBe(state.directory.position);
  expect([...again.state.directory.members.of('g')]).toEqual([...state.directory.members.of('g')]);
  expect(again.state.directory.object('u')).toEqual(state.directory.object('u'));
  again.journal.close();
});

test('half a line at the end, from a kill in the middle of a write, is cut off', () => {
  const first = open();
  first.state.commit([{ op: 'create', type: 'user', id: 'u', properties: {} }]);
  first.journal.close();
  appendFileSync(join(folder, 'tenant.ndjson'), '{"op":"create","type":"user","id":"half');
  const second = open();
  second.state.commit([{ op: 'create', type: 'user', id: 'v', properties: {} }]);
  second.journal.close();
  const third = open();
  expect([...third.state.directory.ofType('user')].map(({ id }) => id)).toEqual(['u', 'v']);
  third.journal.close();
});

test('a notification is owed until it is noted, whatever happens to the process', () => {
  const subscription = {
    id: 's',
    application: 'a',
    resource: '/users',
    changeType: 'updated',
    notificationUrl: 'http://localhost',
    expiresAt: now + 10_000,
    authorizedAt: now,
  };
  const first = open();
  first.state.commit([{ op: 'subscribe', subscription }]);
  first.state.commit([{ op: 'create', type: 'user', id: 'u', properties: {} }]);
  first.state.commit([{ op: 'create', type: 'user', id: 'quiet', properties: {} }], true);
  first.journal.close();
  const second = open();
  expect(second.state.pending.all().map(({ id }) => id)).toEqual(['u']);
  second.state.commit([{ op: 'notified', keys: second.state.pending.all().map(({ key }) => key) }]);
  second.journal.close();
  const third = open();
  expect(third.state.pending.size).toBe(0);
  third.journal.close();
});
