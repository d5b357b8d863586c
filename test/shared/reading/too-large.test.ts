import { expect, it } from 'vitest';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { createFlow, seeded } from '../flow/flow.ts';

const [ann, bob] = [idOf('user', 1), idOf('user', 2)];

/** A mapping that gives as many badges as the office says, of 1,000 characters each. */
const badges = settingsFrom({
  users: {
    attributes: {
      'acme-Badges': ({ officeLocation }) =>
        Array.from({ length: Number(officeLocation) }, (_, n) => `secret${n} `.padEnd(1_000, 'x')),
    },
  },
});

async function flowWith(offices: { anns: string }) {
  const flow = createFlow(seeded(5));
  flow.configure(badges);
  flow.tenant.putUser(ann, { officeLocation: offices.anns });
  flow.tenant.putUser(bob, { officeLocation: '2' });
  flow.sweep();
  while (await flow.step());
  return flow;
}

it('[parking.others-flow] an object that no message holds is parked, and holds up nobody on its page', async () => {
  const flow = await flowWith({ anns: '260' });
  expect(flow.state.row('user', bob)).toMatchObject({ outcome: 'created' });
  const row = flow.state.row('user', ann);
  expect(row).toMatchObject({ outcome: 'rejected', code: 'value-refused', attempts: 1 });
  expect(row?.reason).toContain('users.attributes.acme-Badges');
  expect(row?.reason).not.toContain('secret');
});

it('[parking.code] it is written as soon as it fits, and what just fits is', async () => {
  const flow = await flowWith({ anns: '260' });
  flow.tenant.putUser(ann, { officeLocation: '240' });
  flow.ring('users', { type: 'look', ids: [ann] });
  while (await flow.step());
  expect(flow.state.row('user', ann)).toMatchObject({ outcome: 'created', code: '' });
  for (const message of flow.relay.applied)
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(256 * 1_024);
});
