import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureGroup } from './measure.ts';
import { measureReader } from './measure-reader.ts';
import { type Stand, startStand } from './stand.ts';

/** What `npm run large-group` does by hand with tens of thousands, with so few that a suite can wait for it. */
const members = 2_000;
const exchanged = 20;
let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
  await stand.putPeople(0, members + exchanged);
  await stand.startRelay();
});

afterAll(() => stand?.stop());

test('a list in slices fills a real group, changes nothing again, and 1 % is exchanged by a difference and back', async () => {
  const { figures } = await measureGroup(stand, members, () => undefined);
  expect(figures.map(({ messages, added, removed }) => ({ messages, added, removed }))).toEqual([
    { messages: 2, added: members, removed: 0 },
    { messages: 2, added: 0, removed: 0 },
    { messages: 1, added: exchanged, removed: exchanged },
    { messages: 2, added: exchanged, removed: exchanged },
  ]);
});

test('a list of 2,000 is read by three requests, and every member has a row', async () => {
  expect(await measureReader(members, () => undefined)).toMatchObject({ members, requests: 3 });
});
