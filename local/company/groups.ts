import { departments, offices } from './organisation.ts';
import type { Person } from './people.ts';
import type { Chance } from './random.ts';

export type GroupType = 'security' | 'microsoft365' | 'dynamic' | 'mailSecurity' | 'distribution' | 'synced';

/** A group in the words of Microsoft Graph (v1.0 group), plus what it is here and the ids of its direct members. */
export type Team = {
  type: GroupType;
  id: string;
  displayName: string;
  description: string | null;
  mailNickname: string;
  mail: string | null;
  mailEnabled: boolean;
  securityEnabled: boolean;
  groupTypes: string[];
  membershipRule: string | null;
  members: string[];
};

/** What groups are made of: the people by origin, and things that are neither user nor group. */
export type Material = {
  people: readonly Person[];
  others: readonly string[];
  chance: Chance;
  domain: string;
};

type Wanted = Pick<Team, 'type' | 'displayName' | 'description' | 'members'> & { rule?: string };

/** The 30 groups of the company: departments, offices, projects, applications, nesting, and four that are not written. */
export function makeTeams(material: Material): Team[] {
  const team = (wanted: Wanted) => makeTeam(material, wanted);
  const byDepartment = departments.map((department) => team(departmentGroup(material, department.name)));
  const byOffice = offices.map((office) => team(officeGroup(material, office.name)));
  const synced = syncedGroups(material).map(team);
  const projects = projectGroups(material).map(team);
  const applications = applicationGroups(material, byDepartment, synced).map(team);
  const unwritten = unwrittenGroups(material).map(team);
  return [
    ...everyone(material).map(team),
    ...byDepartment,
    ...byOffice,
    ...projects,
    ...applications,
    ...synced,
    ...unwritten,
  ];
}

function everyone({ people, chance, others }: Material): Wanted[] {
  const employees = people.filter((person) => person.userType === 'Member');
  return [
    {
      type: 'dynamic',
      displayName: 'Alle zusammen · 全社',
      description: 'Everybody who works here and can sign in',
      members: ids(employees.filter((person) => person.accountEnabled)),
      rule: 'user.userType -eq "Member" and user.accountEnabled -eq true',
    },
    {
      type: 'security',
      displayName: 'Building access',
      description: 'Opens the doors, of every office',
      members: [...ids(chance.sample(employees, 195)), ...others],
    },
  ];
}

const departmentGroup = ({ people }: Material, name: string): Wanted => ({
  type: 'security',
  displayName: `Department ${name}`,
  description: `Everybody in ${name}`,
  members: ids(people.filter((person) => person.userType === 'Member' && person.department === name)),
});

const officeGroup = ({ people }: Material, name: string): Wanted => ({
  type: 'dynamic',
  displayName: `${name}, all`,
  description: null,
  members: ids(people.filter((person) => person.userType === 'Member' && person.officeLocation === name)),
  rule: `user.physicalDeliveryOfficeName -eq "${name}"`,
});

function projectGroups({ people, chance }: Material): Wanted[] {
  const names = ['Projekt Ωmega', 'Projet Forêt', 'Проєкт «Дніпро»', 'プロジェクト富士'];
  return names.map((displayName) => ({
    type: 'microsoft365',
    displayName,
    description: 'Project room, partners included',
    members: ids(chance.sample(people, 20)),
  }));
}

/** Applications hold departments (nesting) and some people besides; one holds a synced group, one an application. */
function applicationGroups({ people, chance }: Material, byDepartment: Team[], synced: Team[]): Wanted[] {
  const cloud = people.filter((person) => person.origin === 'cloud');
  const application = (displayName: string, teams: readonly Team[]): Wanted => ({
    type: 'security',
    displayName,
    description: `May use ${displayName}`,
    members: [...teams.map((team) => team.id), ...ids(chance.sample(cloud, 20))],
  });
  return [
    application('App: ERP, finance + orders', byDepartment.slice(7, 9)),
    application('App: source code', byDepartment.slice(0, 2)),
    application('App: "Vault"; secrets', [...byDepartment.slice(9, 10), ...synced.slice(0, 1)]),
    application('App: VPN = remote access', byDepartment.slice(2, 6)),
  ];
}

function syncedGroups({ people, chance }: Material): Wanted[] {
  const synced = people.filter((person) => person.origin === 'synced');
  return ['Domain printing', 'Legacy file shares'].map((displayName) => ({
    type: 'synced',
    displayName,
    description: null,
    members: ids(chance.sample(synced, 8)),
  }));
}

function unwrittenGroups({ people, chance }: Material): Wanted[] {
  const members = () => ids(chance.sample(people, 10));
  return [
    { type: 'mailSecurity', displayName: 'Helpdesk alerts', description: null, members: members() },
    { type: 'distribution', displayName: 'Newsletter', description: null, members: members() },
  ];
}

const ids = (people: readonly Person[]) => people.map((person) => person.id);

function makeTeam({ chance, domain }: Material, wanted: Wanted): Team {
  const id = chance.guid();
  const mailNickname = `group-${id.slice(0, 8)}`;
  const mailEnabled = !['security', 'synced'].includes(wanted.type);
  const { rule, ...team } = wanted;
  return {
    ...team,
    id,
    mailNickname,
    mail: mailEnabled ? `${mailNickname}@${domain}` : null,
    mailEnabled,
    securityEnabled: ['security', 'mailSecurity', 'synced'].includes(wanted.type),
    groupTypes: groupTypes[wanted.type],
    membershipRule: rule ?? null,
  };
}

const groupTypes: Record<GroupType, string[]> = {
  security: [],
  microsoft365: ['Unified'],
  dynamic: ['Unified', 'DynamicMembership'],
  mailSecurity: [],
  distribution: [],
  synced: [],
};
