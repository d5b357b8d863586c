import { randomBytes } from 'node:crypto';
import { applyCommand } from '../../relay/apply/apply-command.ts';
import { newPasswords } from '../../relay/apply/new-password.ts';
import type { NewPassword, Workplace } from '../../relay/apply/workplace.ts';
import type { RelayClock } from '../../relay/clock.ts';
import type { NewAccount } from '../../relay/plan/plan.ts';
import type { Directory, Guid, Sid } from '../../relay/ports.ts';
import { WorkSite } from '../../relay/work-site.ts';
import { type Command, commandSchema } from '../../shared/contracts/command.ts';
import { type Result, resultSchema } from '../../shared/contracts/result.ts';
import { epochMs } from '../../shared/domain/time.ts';
import { type FakeDirectory, type FakeOptions, fakeDirectory } from '../fakes/directory.ts';
import { textOf, type WindowsEntry } from '../fakes/windows/windows-entry.ts';

/** A clock that goes by itself; sleeping takes no time. */
export const quickClock: RelayClock = {
  now: () => epochMs(1_795_000_000_000),
  monotonicMs: () => performance.now(),
  sleep: () => new Promise((resolve) => setImmediate(resolve)),
  random: () => 0.5,
};

/** What a person would see of an entry, without identifiers. */
export type Seen = {
  cn: string;
  /** DN of the OU it is in. */
  parent: string;
  enabled: boolean | undefined;
  groupType: string | undefined;
  values: Record<string, string>;
  members: string[];
  manager: string | undefined;
};

/** A relay without a bus, on a strict Windows domain in memory. */
export type RelayWorld = FakeDirectory & {
  workplace: Workplace;
  /** Applies a command and answers its result, which must keep to the contract. */
  apply(command: Command): Promise<Result>;
  /** The entry of ours with this cloud id, if any. */
  entryOf(id: string): WindowsEntry | undefined;
  see(id: string): Seen | undefined;
  /** Every entry in the destination. */
  seeAll(): Seen[];
  /** Somebody born on-premises. */
  putOnPremises(
    name: string,
    more?: { adminCount?: number; sid?: Sid; upn?: string; sam?: string },
  ): WindowsEntry;
  /** An entry in the destination that somebody else created. */
  putForeign(cn: string, values: Record<string, string>): WindowsEntry;
  /** A new relay on the same directory. */
  restart(): Promise<void>;
  /** A second relay beside this one, with a memory of its own. */
  another(): Promise<RelayWorld['apply']>;
};

/** The domain, and the relay's own settings. */
export type WorldOptions = FakeOptions & {
  newAccount?: NewAccount;
  newPassword?: () => NewPassword;
  extraAttributes?: readonly string[];
  upnSuffix?: string;
};

function siteOn(connect: () => Directory, options: WorldOptions): WorkSite {
  return new WorkSite({
    connect,
    acceptedOwners: [],
    extraAttributes: options.extraAttributes ?? [],
    newAccount: options.newAccount ?? 'random-password',
    newPassword: options.newPassword ?? newPasswords(randomBytes, undefined),
    upnSuffix: options.upnSuffix,
    clock: quickClock,
  });
}

async function applyAt(site: WorkSite, command: Command): Promise<Result> {
  const answerer = { relay: 'test', now: () => epochMs(3) };
  const { result, error } = await applyCommand(commandSchema.parse(command), site.workplace, answerer);
  if (error?.disposition === 'defect') throw error;
  return resultSchema.parse(JSON.parse(JSON.stringify(result)));
}

export async function relayWorld(options: WorldOptions = {}): Promise<RelayWorld> {
  const fake = fakeDirectory(options);
  const { domain } = fake;
  const site = siteOn(() => fake.directory, options);
  await site.open();
  const entryOf = (id: string) =>
    [...domain.entries.values()].find(
      (entry) => textOf(entry, 'adminDescription')?.endsWith(`_${id}`) && entry.owner === domain.serviceSid,
    );
  const isUnder = (entry: WindowsEntry) => entry.parent === domain.destination;
  const world: RelayWorld = {
    ...fake,
    get workplace() {
      return site.workplace;
    },
    apply: (command) => applyAt(site, command),
    entryOf,
    see: (id) => {
      const entry = entryOf(id);
      return entry === undefined ? undefined : seen(entry, domain.entries);
    },
    seeAll: () => [...domain.entries.values()].filter(isUnder).map((entry) => seen(entry, domain.entries)),
    putOnPremises: (name, more = {}) =>
      domain.put({
        name,
        parent: domain.base,
        objectClass: ['top', 'person', 'organizationalPerson', 'user'],
        sid: more.sid ?? domain.newSid(),
        values: new Map([
          ['samaccountname', [more.sam ?? name]],
          ['objectcategory', ['person']],
          ...(more.upn === undefined ? [] : [['userprincipalname', [more.upn]] as [string, string[]]]),
          ...(more.adminCount === undefined
            ? []
            : [['admincount', [`${more.adminCount}`]] as [string, string[]]]),
        ]),
      }),
    putForeign: (cn, values) =>
      domain.put({
        name: cn,
        parent: domain.destination,
        objectClass: ['top', 'person', 'organizationalPerson', 'user'],
        sid: domain.newSid(),
        values: new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), [value]])),
      }),
    another: async () => {
      const second = siteOn(() => fake.directory, options);
      await second.open();
      return (command) => applyAt(second, command);
    },
    restart: async () => {
      const next = siteOn(() => ({ ...fake.directory, close: async () => undefined }), options);
      await next.open();
      Object.defineProperty(site, 'workplace', { get: () => next.workplace, configurable: true });
    },
  };
  return world;
}

const disabledBit = 2;

function seen(entry: WindowsEntry, entries: ReadonlyMap<Guid, WindowsEntry>): Seen {
  const control = textOf(entry, 'userAccountControl');
  const hidden = ['useraccountcontrol', 'grouptype', 'objectcategory'];
  const values = [...entry.values].filter(([name]) => !hidden.includes(name));
  return {
    cn: entry.name,
    parent: entry.parent,
    enabled: control === undefined ? undefined : (Number(control) & disabledBit) === 0,
    groupType: textOf(entry, 'groupType'),
    values: Object.fromEntries(values.map(([name, [value]]) => [name, String(value)])),
    members: [...entry.members].map((guid) => entries.get(guid)?.name ?? '?').sort(),
    manager: entry.manager === undefined ? undefined : (entries.get(entry.manager)?.name ?? '?'),
  };
}
