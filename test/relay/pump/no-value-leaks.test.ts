import { expect, it } from 'vitest';
import type { Command } from '../../../shared/contracts/command.ts';
import { laneOf } from '../../../shared/domain/lane.ts';
import type { MemberKey } from '../../../shared/domain/member-key.ts';
import {
  difference,
  groupPresent,
  groupSuspended,
  idOf,
  slice,
  userBare,
  userKey,
  userPresent,
  userSuspended,
} from '../build-command.ts';
import { type PumpWorld, pumpWorld } from './pump-world.ts';

/*
 * Commands whose values are all known, of every kind and through every outcome, over a strict domain; then everything that was
 * recorded and logged is searched for each value.
 */

const sealed = 'c2VhbGVkLXNlY3JldA==';
const password = Buffer.from('"Tr0ub4dor&3-xyzzy"', 'utf16le');
const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from('xyzzy-photo')]).toString('base64');

/** Every value of these begins with this word, and nothing else does. */
const word = 'xyzzy';
const textOf = (name: string) => `${word} ${name}`;
const namesOf = (name: string) => ({
  cn: [`${word} ${name}`],
  sAMAccountName: [`${word}-${name}`],
  userPrincipalName: [`${word}.${name}@contoso.example`],
});
const attributesOf = (name: string) => ({
  displayName: textOf(name),
  givenName: textOf('given'),
  sn: textOf('family'),
  title: textOf('title'),
});

const user = (name: string, changes: Parameters<typeof userPresent>[1] = {}) =>
  userPresent(name, { names: namesOf(name), attributes: attributesOf(name), ...changes });
const group = (name: string, changes: Parameters<typeof groupPresent>[1] = {}) => {
  const { cn, sAMAccountName } = namesOf(name);
  const attributes = { displayName: textOf(name), description: textOf('description') };
  return groupPresent(name, { names: { cn, sAMAccountName }, attributes, ...changes });
};

const unknownSid = 's:S-1-5-21-1-2-3-4242' as MemberKey;

const usual: Command[] = [
  user('anna', { photo, initial: { info: textOf('initial') } }),
  user('bert', { manager: userKey('anna') }),
  user('anna', { attributes: { ...attributesOf('anna'), title: null, description: textOf('changed') } }),
  user('anna', { names: { ...namesOf('anna'), cn: [`${word} renamed`] } }),
  group('team'),
  difference('team', { add: [userKey('anna'), userKey('nobody'), unknownSid] }),
  slice('team', [userKey('bert')]),
  groupSuspended('team'),
  userSuspended('bert', { place: 'leavers', names: 'let-go' }),
  userBare('bert', 'absent'),
  userBare('anna', 'released'),
];

/** What the relay, the domain or the contract refuses. */
const refusedOnes: Command[] = [
  user('carl', { attributes: { servicePrincipalName: textOf('service') } }),
  user('dora', { attributes: { ...attributesOf('dora'), title: `${word}${'x'.repeat(200)}` } }),
  user('emil', { attributes: { ...attributesOf('emil'), mail: `${word} ‮ no mail` } }),
  user('fay', { names: { ...namesOf('fay'), sAMAccountName: [`${word}-taken`] } }),
  user('gus', { names: { ...namesOf('gus'), userPrincipalName: [`${word}.taken@contoso.example`] } }),
  user('hal', { attributes: { ...attributesOf('hal'), employeeBadge: textOf('unknown') } }),
  user('ida', { photo: Buffer.from(textOf('no image')).toString('base64') }),
  user('jo', { names: { ...namesOf('jo'), cn: [`${word}\u0000nul`] } }),
  difference('nowhere', { add: [userKey('anna')] }),
];

async function runAll(): Promise<PumpWorld> {
  const pump = await pumpWorld({
    site: { newPassword: () => ({ bytes: password, sealed }), extraAttributes: ['employeeBadge'] },
  });
  pump.world.putOnPremises(`${word} holder`, {
    sam: `${word}-taken`,
    upn: `${word}.taken@contoso.example`,
  });
  for (const command of [...usual, ...refusedOnes]) {
    pump.bus.enqueue(command);
    await pump.until(() => pump.bus.depth() === 0);
  }
  pump.world.faults.loseNextAnswer = true;
  pump.bus.enqueue(user('kim'));
  pump.bus.enqueueRaw(laneOf(idOf('kim')), { ...user('kim'), enabled: textOf('flag'), [textOf('key')]: 1 });
  pump.bus.enqueueRaw(laneOf(idOf('kim')), `{"displayName":"${textOf('cut off')}`);
  await pump.until(() => pump.bus.depth() === 0);
  return pump;
}

it('no value of any command is in a span, an event, a metric, a line or a refusal', async () => {
  const pump = await runAll();
  const { measurements, spans, events } = pump.telemetry;
  const outcomes = new Set(pump.bus.results.map(({ outcome }) => outcome));
  for (const outcome of ['created', 'updated', 'suspended', 'deleted', 'released', 'rejected'] as const)
    expect(outcomes).toContain(outcome);
  expect(new Set(pump.bus.results.flatMap(({ code }) => code ?? [])).size).toBeGreaterThan(3);
  expect(pump.bus.refused).toHaveLength(2);
  expect(spans.length).toBeGreaterThan(usual.length + refusedOnes.length);
  const told = { measurements, spans, events, lines: pump.lines, refused: pump.bus.refused };
  for (const [where, what] of Object.entries(told)) {
    const text = JSON.stringify(what).toLowerCase();
    expect(text.length, where).toBeGreaterThan(100);
    for (const secret of [word, sealed, photo, password.toString('base64'), 'tr0ub4dor'])
      expect(text.includes(secret.toLowerCase()), `${secret} in ${where}`).toBe(false);
  }
  await pump.stop();
});
