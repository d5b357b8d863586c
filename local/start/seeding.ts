import type { Company } from '../company/company.ts';
import type { Team } from '../company/groups.ts';
import type { Person } from '../company/people.ts';
import { strangers } from '../company/strangers.ts';
import { createOnPremises } from '../domain-controller/create-on-premises.ts';
import type { DomainController } from '../domain-controller/domain-controller.ts';
import type { GraphCaller } from '../graph-caller.ts';

/**
 * Puts the company where it belongs before anything flows: synced people and groups into AD, where they come from, with the
 * strangers who are there already, and everybody into the tenant, the synced ones with the SIDs that AD gave them.
 */
export async function seedCompany(
  company: Company,
  world: { directory: DomainController; graph: GraphCaller; graphUrl: string },
): Promise<void> {
  const accounts = accountNames(company);
  const { sids } = await createOnPremises(world.directory, onPremisesOf(company, accounts));
  const sidOf = (id: string): string | undefined => sids[accounts.get(id) ?? ''];
  const { managers } = company;
  const body = {
    users: everybody(company).map((person) => ({
      ...tenantUser(person, sidOf(person.id)),
      ...managerOf(managers.get(person.id)),
    })),
    groups: company.teams.map((team) => tenantGroup(team, sidOf(team.id))),
    devices: company.others.filter((other) => other.type === 'device').map(tenantObject),
    servicePrincipals: company.others.filter((other) => other.type === 'servicePrincipal').map(tenantObject),
  };
  const answer = await world.graph.call('POST', new URL('/control/import', world.graphUrl).href, body);
  if (answer.status !== 200) throw new Error(`the tenant refused the company: ${answer.status}`);
}

const everybody = ({ people, fieldStaff }: Company): Person[] => [...people, ...fieldStaff];

const isSynced = (person: Person) => person.origin === 'synced';

const longestAlias = 14;

/** sAMAccountName (20 characters at most) by cloud id, of everything that is mastered in AD. */
function accountNames(company: Company): Map<string, string> {
  const synced = everybody(company).filter(isSynced);
  const groups = company.teams.filter((team) => team.type === 'synced');
  return new Map([
    ...synced.map(
      ({ id, mailNickname }, at) => [id, `${mailNickname?.slice(0, longestAlias)}.${at}`] as const,
    ),
    ...groups.map(({ id, displayName }) => [id, displayName.slice(0, 20)] as const),
  ]);
}

function onPremisesOf(company: Company, accounts: Map<string, string>) {
  const accountOf = (id: string) => accounts.get(id) ?? '';
  const synced = everybody(company).filter(isSynced);
  return {
    users: [
      ...strangers,
      ...synced.map(({ id, userPrincipalName, displayName, givenName, surname, department }) => ({
        sAMAccountName: accountOf(id),
        userPrincipalName,
        displayName,
        givenName,
        sn: surname,
        ...(department === null ? {} : { department }),
      })),
    ],
    groups: company.teams
      .filter((team) => team.type === 'synced')
      .map(({ id, displayName, members }) => ({
        sAMAccountName: accountOf(id),
        displayName,
        members: members.map(accountOf),
      })),
  };
}

const syncedFrom = (sid: string | undefined) =>
  sid === undefined ? {} : { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid };

const managerOf = (manager: string | undefined) => (manager === undefined ? {} : { manager });

const tenantUser = ({ origin: _, ...person }: Person, sid: string | undefined) => ({
  ...person,
  ...syncedFrom(sid),
});

const tenantGroup = ({ type: _, ...team }: Team, sid: string | undefined) => ({
  ...team,
  ...syncedFrom(sid),
});

const tenantObject = ({ type: _, ...object }: Company['others'][number]) => object;
