import fc from 'fast-check';
import { defaultSettings } from '../../../shared/configuration/default-settings.ts';
import type { Ring } from '../../../shared/contracts/ring.ts';
import type { CloudUser } from '../../../shared/domain/cloud-object.ts';
import type { ObjectId } from '../../../shared/domain/object-id.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import type { Flow, FlowRelay } from './flow.ts';
import { defaultUsers, settingsWith } from './settings-with.ts';

/** Something that happens in the tenant, or to a ring about it. */
export type Happening =
  | { what: 'put-user' | 'remove-user' | 'restore-user' | 'purge-user'; n: number; value: number }
  | { what: 'put-group' | 'remove-group' | 'restore-group' | 'purge-group'; n: number; value: number }
  | { what: 'add' | 'drop'; group: number; member: number }
  | { what: 'manage'; n: number; manager: number }
  | { what: 'take-name'; n: number; name: number }
  /** Synced from AD as another entry, or born in the cloud again. */
  | { what: 'change-side'; n: number }
  /** Deleted, and restored when the steps are over; the lists of all groups are read meanwhile. */
  | { what: 'blink'; n: number }
  | { what: 'configure'; configuration: number }
  | { what: 'sweep' | 'crash-users' | 'crash-groups' | 'reject' | 'restart' | 'expire' | 'wait'; n: number };
export type Told = Happening & { rings: number; steps: number };

const few = fc.integer({ min: 0, max: 3 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    what: fc.constantFrom(
      'put-user' as const,
      'put-user' as const,
      'remove-user',
      'restore-user',
      'purge-user',
    ),
    n: few,
    value: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({
    what: fc.constantFrom(
      'put-group' as const,
      'put-group' as const,
      'remove-group',
      'restore-group',
      'purge-group',
    ),
    n: few,
    value: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({
    what: fc.constantFrom('add' as const, 'add' as const, 'drop'),
    group: few,
    member: fc.integer({ min: 0, max: 9 }),
  }),
  fc.record({
    what: fc.constant('manage' as const),
    n: few,
    /** 0–3 a user, 8 the synced one, 4 nobody. */
    manager: fc.constantFrom(0, 1, 2, 3, 4, 8),
  }),
  fc.record({ what: fc.constant('take-name' as const), n: few, name: few }),
  fc.record({ what: fc.constant('change-side' as const), n: few }),
  fc.record({ what: fc.constant('blink' as const), n: few }),
  fc.record({ what: fc.constant('configure' as const), configuration: fc.integer({ min: 0, max: 2 }) }),
  fc.record({
    what: fc.constantFrom(
      'sweep' as const,
      'crash-users',
      'crash-groups',
      'reject',
      'restart',
      'expire',
      'wait',
    ),
    n: fc.integer({ min: 1, max: 40 }),
  }),
);
/** With how many copies of its ring it is told, and how much else happens before the next. */
const told: fc.Arbitrary<Told> = fc
  .tuple(happening, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 12 }))
  .map(([one, rings, steps]) => ({ ...one, rings, steps }));

/** Members 0–3 are users, 4–7 groups, 8 a synced user, 9 a device. */
function memberOf(n: number): { id: ObjectId; type: 'user' | 'group' | 'other' } {
  if (n < 4) return { id: idOf('user', n), type: 'user' };
  if (n < 8) return { id: idOf('group', n - 4), type: 'group' };
  return n === 8 ? { id: idOf('user', 8), type: 'user' } : { id: idOf('other', 9), type: 'other' };
}

const others = ({ displayName }: CloudUser) => displayName !== 'Name 4';
/** The defaults; a filter; another mapping, and leavers that are deleted and come back. */
const configurations = [
  defaultSettings,
  settingsWith({ users: { scope: { ...defaultUsers.scope, filter: others } } }),
  settingsWith({
    users: {
      attributes: {
        ...defaultUsers.attributes,
        info: { from: ({ displayName }) => displayName, when: 'always', empty: 'clear' },
      },
      leaving: {
        softDelete: 'delete',
        hardDelete: 'delete',
        outOfScope: { deleteAfterDays: 1, until: 'disable' },
      },
    },
    groups: { leaving: { softDelete: 'delete', hardDelete: 'delete', outOfScope: 'convert' } },
  }),
];

/** A name of a few; who has it already swaps. */
function takeName(flow: Flow<FlowRelay>, { n, name }: { n: number; name: number }): void {
  const { tenant } = flow;
  const upn = `name-${name}@contoso.example`;
  const { users } = tenant.world();
  const mine = users.get(idOf('user', n));
  if (mine === undefined || mine.deleted) return;
  const holder = [...users.values()].find(
    ({ object, deleted }) => !deleted && object.userPrincipalName === upn,
  );
  if (holder !== undefined) {
    tenant.putUser(holder.object.id, { userPrincipalName: mine.object.userPrincipalName });
  }
  tenant.putUser(idOf('user', n), { userPrincipalName: upn });
}

/** The cloud does not restore a user whose name somebody else has by now. */
function isNameFree(flow: Flow<FlowRelay>, id: ObjectId): boolean {
  const { users } = flow.tenant.world();
  const upn = users.get(id)?.object.userPrincipalName;
  return ![...users.values()].some(
    ({ object, deleted }) => !deleted && object.id !== id && object.userPrincipalName === upn,
  );
}

const isSynced = (object: { onPremisesSyncEnabled: boolean | null } | undefined): boolean =>
  object?.onPremisesSyncEnabled === true;

function happen(flow: Flow<FlowRelay>, one: Happening): { to: 'users' | 'groups'; id: ObjectId } | undefined {
  const { tenant } = flow;
  if (one.what === 'add' || one.what === 'drop') {
    const id = idOf('group', one.group);
    const member = memberOf(one.member);
    if (!tenant.world().groups.has(id) || member.id === id) return undefined;
    const known = member.type === 'other' || tenant.world()[`${member.type}s`].has(member.id);
    if (one.what === 'add' && known) tenant.addMember(id, member);
    if (one.what === 'drop') tenant.removeMember(id, member.id);
    return { to: 'groups', id };
  }
  if (one.what === 'manage') {
    const manager = one.manager === 4 ? null : idOf('user', one.manager);
    const { users } = tenant.world();
    if (one.manager === one.n || (manager !== null && !users.has(manager))) return undefined;
    if (users.get(idOf('user', one.n))?.deleted !== false) return undefined;
    tenant.setManager(idOf('user', one.n), manager);
    return { to: 'users', id: idOf('user', one.n) };
  }
  if (one.what === 'take-name') {
    takeName(flow, one);
    return { to: 'users', id: idOf('user', one.n) };
  }
  if (one.what === 'change-side') {
    const id = idOf('user', one.n);
    const held = tenant.world().users.get(id);
    if (held === undefined || held.deleted) return undefined;
    const wasSynced = isSynced(held.object);
    tenant.putUser(id, {
      onPremisesSyncEnabled: wasSynced ? null : true,
      onPremisesSecurityIdentifier: `S-1-5-21-1-2-3-111${one.n}`,
    });
    return { to: 'users', id };
  }
  if (one.what === 'blink') {
    tenant.remove('user', idOf('user', one.n));
    tenant.expired.add('group');
    flow.ring('groups', { type: 'round' }, { cause: 'sweep' });
    return undefined;
  }
  if (one.what === 'configure') {
    flow.configure(configurations[one.configuration] ?? defaultSettings);
    return undefined;
  }
  if ('value' in one) {
    const kind = one.what.endsWith('user') ? 'user' : 'group';
    const id = idOf(kind, one.n);
    const held = tenant.world()[`${kind}s`].get(id);
    if (one.what === 'put-user' && !held?.deleted) {
      tenant.putUser(id, {
        displayName: `Name ${one.value}`,
        accountEnabled: one.value % 2 === 0,
        userType: one.value === 5 ? 'Guest' : 'Member',
      });
    }
    if (one.what === 'put-group' && !held?.deleted) {
      // As a sAMAccountName it collides with users of the name; as a cn it does not (ids of these tests end alike).
      tenant.putGroup(id, { displayName: `Name-${one.value}` });
    }
    // Of who leaves the cloud and is synced, or was until just now, AD knows best: nothing of ours follows (docs/expected-state.md).
    if (held?.object.onPremisesSecurityIdentifier && /remove|purge/.test(one.what)) return undefined;
    if (one.what.startsWith('remove')) tenant.remove(kind, id);
    if (one.what.startsWith('restore') && (kind === 'group' || isNameFree(flow, id)))
      tenant.restore(kind, id);
    if (one.what.startsWith('purge')) tenant.purge(kind, id);
    return { to: `${kind}s`, id };
  }
  if ('n' in one) disturb(flow, one);
  return undefined;
}

function disturb(flow: Flow<FlowRelay>, one: { what: string; n: number }): void {
  if (one.what === 'sweep') flow.sweep();
  if (one.what === 'crash-users') flow.crashNext.add('user');
  if (one.what === 'crash-groups') flow.crashNext.add('group');
  if (one.what === 'reject') flow.relay.rejections = one.n % 4;
  if (one.what === 'restart') flow.restart(one.n % 2 === 0 ? 'user' : 'group');
  if (one.what === 'expire') flow.tenant.expired.add(one.n % 2 === 0 ? 'user' : 'group');
  if (one.what === 'wait') flow.clock.advance(one.n * 1_000);
}

/** Plays a story on a flow, then lets everything that is under way end, and sweeps once. */
export async function play<Relay extends FlowRelay>(
  flow: Flow<Relay>,
  story: readonly Told[],
  { random, lagMs }: { random: () => number; lagMs: number },
): Promise<Flow<Relay>> {
  const changedAt: number[] = [];
  const lag = () => {
    const seenUntil = flow.clock.now() - random() * lagMs;
    return lagMs === 0 ? 0 : changedAt.filter((at) => at > seenUntil).length;
  };
  flow.tenant.putUser(idOf('user', 8), {
    onPremisesSyncEnabled: true,
    onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1108',
  });
  changedAt.push(flow.clock.now());
  flow.tenant.lag = { reads: lag, pages: lag };
  flow.sweep();
  for (const one of story) {
    // A list that takes nobody out is not repeated (docs/adr): whoever blinks is in the groups by then, as every replica knows.
    if (one.what === 'blink') {
      flow.clock.advance(lagMs);
      flow.sweep();
      await flow.drain();
    }
    const before = flow.tenant.world();
    const about = happen(flow, one);
    if (flow.tenant.world() !== before) changedAt.push(flow.clock.now());
    if (about !== undefined) ringAbout(flow, about, { copies: one.rings, random });
    for (let n = 0; n < one.steps; n++) if (!(await flow.step())) flow.clock.advance(500);
    if (one.what === 'blink' && one.n % 2 === 1) {
      // Until the lists are due.
      flow.clock.advance(61_000);
      for (let n = 0; n < 12; n++) await flow.step();
    }
    const blinked = idOf('user', 'n' in one ? one.n : 0);
    if (one.what === 'blink' && isNameFree(flow, blinked)) {
      flow.tenant.restore('user', blinked);
      changedAt.push(flow.clock.now());
    }
  }
  // What was under way ends, replicas catch up, and one sweep makes good whatever was lost.
  flow.crashNext.clear();
  flow.clock.advance(lagMs);
  flow.tenant.lag = { reads: () => 0, pages: () => 0 };
  flow.sweep();
  await flow.drain();
  return flow;
}

/** No copy: the notification was lost. Two: it came twice. Each at its own time. */
function ringAbout(
  flow: Flow<FlowRelay>,
  about: { to: 'users' | 'groups'; id: ObjectId },
  { copies, random }: { copies: number; random: () => number },
): void {
  for (let n = 0; n < copies; n++) {
    flow.ring(about.to, { type: 'look', ids: [about.id] } satisfies Ring['want']);
    const ring = flow.doorbells[about.to].at(-1);
    if (ring !== undefined) ring.dueAt += Math.floor(random() * 20_000);
  }
}

export const stories = fc.array(told, { minLength: 5, maxLength: 50, size: 'max' });
export const seeds = fc.integer({ min: 0, max: 1_000_000 });
