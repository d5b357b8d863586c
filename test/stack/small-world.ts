import { Attribute, Change, Client } from 'ldapts';
import { createOnPremises } from '../../local/domain-controller/create-on-premises.ts';
import type { DomainControllerFixture } from '../fixtures/domain-controller.ts';
import type { TestTenant } from '../fixtures/tenant.ts';

/** A few people and groups, the same in tenant and AD, written here by hand from docs/expected-state.md. */
export const ids = {
  ada: 'aaaaaaaa-0000-4000-8000-00000000000a',
  bob: 'bbbbbbbb-0000-4000-8000-00000000000b',
  cleo: 'cccccccc-0000-4000-8000-00000000000c',
  sam: 'dddddddd-0000-4000-8000-00000000000d',
  gast: 'eeeeeeee-0000-4000-8000-00000000000e',
  lea: 'ffffffff-0000-4000-8000-00000000000f',
  team: '11111111-0000-4000-8000-000000000001',
  room: '22222222-0000-4000-8000-000000000002',
  hidden: '33333333-0000-4000-8000-000000000003',
};

export const cns = {
  ada: 'Åda Βyron_00000000000a',
  bob: 'Bob, the "Builder"_00000000000b',
  cleo: 'Cleo_00000000000c',
  lea: 'Lea_00000000000f',
  team: 'Team + more_000000000001',
  room: 'Room_000000000002',
  hidden: 'Hidden_000000000003',
};

const person = (id: string, displayName: string, alias: string) => ({
  id,
  displayName,
  userPrincipalName: `${alias}@contoso.example`,
  accountEnabled: true,
  userType: 'Member',
});

/** Puts them into the tenant. */
export async function fillTenant(tenant: TestTenant, samSid: string): Promise<void> {
  const { ada, bob, cleo, sam, gast, lea, team, room, hidden } = ids;
  const group = { mailNickname: 'x', mailEnabled: false, securityEnabled: true, groupTypes: [] as string[] };
  await control(tenant, 'import', {
    users: [
      {
        ...person(ada, 'Åda Βyron', 'ada'),
        ...{ jobTitle: 'Analyst', businessPhones: ['+44 1', '+44 2', '+44 3'], manager: sam },
      },
      { ...person(bob, 'Bob, the "Builder"', 'bob'), accountEnabled: false, country: 'gb', manager: ada },
      // On-premises, somebody else is called cleo.
      person(cleo, 'Cleo', 'cleo'),
      person(lea, 'Lea', 'lea'),
      { ...person(sam, 'Sam', 'sam'), onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: samSid },
      { ...person(gast, 'Gast', 'gast'), userType: 'Guest' },
    ],
    groups: [
      {
        ...group,
        id: team,
        displayName: 'Team + more',
        description: 'All of us',
        members: [ada, sam, gast, room],
      },
      {
        ...{ ...group, id: room, displayName: 'Room', members: [bob] },
        ...{
          mailEnabled: true,
          securityEnabled: false,
          groupTypes: ['Unified'],
          mail: 'room@contoso.example',
        },
      },
      {
        ...{ ...group, id: hidden, displayName: 'Hidden', members: [bob], visibility: 'HiddenMembership' },
        ...{ mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'] },
      },
    ],
  });
}

async function control(tenant: TestTenant, path: string, body: object): Promise<void> {
  const response = await fetch(`${tenant.controlUrl}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenant.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
}

/** AD as somebody may change it: everything that the tests need to write and to break it. */
export class Hands {
  readonly #client: Client;
  readonly #destination: string;

  private constructor(client: Client, destination: string) {
    this.#client = client;
    this.#destination = destination;
  }

  /** Bound as administrator. */
  static async at({ dc, caPem }: DomainControllerFixture): Promise<Hands> {
    const client = new Client({ url: dc.url, tlsOptions: { ca: [caPem] }, timeout: 10_000 });
    await client.bind(dc.adminDn, dc.adminPassword);
    return new Hands(client, dc.destination);
  }

  dn(cn: string, parent = this.#destination): string {
    return `CN=${cn.replaceAll(/[,+"\\<>;=]/g, (sign) => `\\${sign.charCodeAt(0).toString(16)}`)},${parent}`;
  }

  /** Creates a user with a password; disabled accounts have 514. */
  async user(cn: string, values: Record<string, string>, control = '512'): Promise<void> {
    const dn = this.dn(cn);
    await this.#client.add(dn, { objectClass: 'user', ...values, userAccountControl: '514' });
    const password = Buffer.from('"Nobody-knows-1-this"', 'utf16le');
    await this.#client.modify(dn, replacement('unicodePwd', password));
    await this.set(dn, 'userAccountControl', control);
  }

  async group(cn: string, values: Record<string, string>, members: readonly string[]): Promise<void> {
    await this.#client.add(this.dn(cn), { objectClass: 'group', ...values });
    for (const member of members) await this.member('add', this.dn(cn), member);
  }

  /** Without values the attribute goes: Samba takes no empty replacement of every attribute. */
  async set(dn: string, name: string, ...values: string[]): Promise<void> {
    const deletion = {
      operation: 'delete' as const,
      modification: new Attribute({ type: name, values: [] }),
    };
    await this.#client.modify(dn, values.length === 0 ? new Change(deletion) : replacement(name, ...values));
  }

  async member(operation: 'add' | 'delete', group: string, member: string): Promise<void> {
    const modification = new Attribute({ type: 'member', values: [member] });
    await this.#client.modify(group, new Change({ operation, modification }));
  }

  async move(dn: string, to: string): Promise<void> {
    await this.#client.modifyDN(dn, to);
  }

  async remove(dn: string): Promise<void> {
    await this.#client.del(dn);
  }

  async contact(cn: string): Promise<void> {
    await this.#client.add(this.dn(cn), { objectClass: 'contact' });
  }

  close(): Promise<void> {
    return this.#client.unbind();
  }
}

function replacement(type: string, ...values: (string | Buffer)[]): Change {
  const list = values.filter((value) => typeof value === 'string');
  const bytes = values.filter((value) => typeof value !== 'string');
  const modification = new Attribute({ type, values: bytes.length > 0 ? bytes : list });
  return new Change({ operation: 'replace', modification });
}

export const accountOf = (id: string, alias: string, displayName: string): Record<string, string> => ({
  displayName,
  userPrincipalName: `${alias}@contoso.example`,
  sAMAccountName: alias,
  adminDescription: `User_${id}`,
  'msDS-ExternalDirectoryObjectId': `User_${id}`,
});

const groupOf = (id: string, displayName: string, groupType: string): Record<string, string> => ({
  displayName,
  groupType,
  sAMAccountName: displayName.replace(' + ', '-'),
  adminDescription: `Group_${id}`,
  'msDS-ExternalDirectoryObjectId': `Group_${id}`,
});

/** Creates Sam and a stranger on-premises, and answers Sam's SID and his entry. */
export async function fillOnPremises({ dc }: DomainControllerFixture): Promise<{ sid: string; dn: string }> {
  const sam = { sAMAccountName: 'sam', userPrincipalName: 'sam@contoso.example', displayName: 'Sam' };
  const stranger = { sAMAccountName: 'cleo', userPrincipalName: 'c@wb.example', displayName: 'Cleo' };
  const { sids } = await createOnPremises(dc, { users: [sam, stranger], groups: [] });
  return { sid: sids['sam'] ?? '', dn: `CN=sam,${dc.onPremisesOu}` };
}

export const cleosAccount = { ...accountOf(ids.cleo, 'cleo', 'Cleo'), sAMAccountName: 'cleo2' };

/** Writes the entries as the product would. */
export async function fillDestination(hands: Hands, samDn: string): Promise<void> {
  const { ada, bob, lea, team, room, hidden } = ids;
  const adas = { title: 'Analyst', telephoneNumber: '+44 1', manager: samDn };
  await hands.user(cns.ada, { ...accountOf(ada, 'ada', 'Åda Βyron'), ...adas });
  await hands.set(hands.dn(cns.ada), 'otherTelephone', '+44 2', '+44 3');
  const bobs = { co: 'United Kingdom', c: 'GB', countryCode: '826', manager: hands.dn(cns.ada) };
  await hands.user(cns.bob, { ...accountOf(bob, 'bob', 'Bob, the "Builder"'), ...bobs }, '514');
  await hands.user(cns.cleo, cleosAccount);
  await hands.user(cns.lea, accountOf(lea, 'lea', 'Lea'));
  await hands.group(cns.room, { ...groupOf(room, 'Room', '8'), mail: 'room@contoso.example' }, [
    hands.dn(cns.bob),
  ]);
  await hands.group(cns.hidden, groupOf(hidden, 'Hidden', '8'), []);
  const description = { description: 'All of us' };
  await hands.group(cns.team, { ...groupOf(team, 'Team + more', '-2147483640'), ...description }, [
    hands.dn(cns.ada),
    hands.dn(cns.room),
    samDn,
  ]);
}
