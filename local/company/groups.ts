import { departments, offices } from './organisation.ts';
import type { Person } from './people.ts';
import type { Chance } from './random.ts';

export type GroupType =
  | 'security'
  | 'microsoft365'
  | 'dynamic'
  | 'mailSecurity'
  | 'distribution'
  | 'roleAssignable'
  | 'synced';

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
  /** Private by default; HiddenMembership hides who is in it. */
  visibility: string | null;
  isAssignableToRole: boolean | null;
  members: string[];
};

/** What groups are made of: the people by origin, and things that are neither user nor group. */
export type Material = {
  people: readonly Person[];
  /** The members of the largest group. */
  inField: readonly Person[];
  others: readonly string[];
  chance: Chance;
  domain: string;
};

type Wanted = Pick<Team, 'type' | 'displayName' | 'description' | 'members'> & {
  rule?: string;
  hidden?: true;
};

/** The groups of the company: departments, offices, projects, applications, nesting, every kind that there is, and namesakes. */
export function makeTeams(material: Material): Team[] {
  const team = (wanted: Wanted) => makeTeam(material, wanted);
  const byDepartment = departments.map((department) => team(departmentGroup(material, department.name)));
  const byOffice = offices.map((office) => team(officeGroup(material, office.name)));
  const synced = syncedGroups(material).map(team);
  const projects = projectGroups(material).map(team);
  const applications = applicationGroups(material, byDepartment, synced).map(team);
  const special = specialGroups(material).map(team);
  const namesakes = namesakeGroups(material).map(team);
  return [
    ...everyone(material).map(team),
    ...byDepartment,
    ...byOffice,
    ...projects,
    ...applications,
    ...synced,
    ...special,
    ...namesakes,
  ];
}

function everyone({ people, inField, chance, others }: Material): Wanted[] {
  const employees = people.filter((person) => person.userType === 'Member');
  return [
    {
      type: 'dynamic',
      displayName: 'Alle zusammen · 全社',
      description: 'Everybody who works here and can sign in',
      members: ids(employees.filter((person) => person.accountEnabled)),
      rule: 'user.userType -eq "Member" and user.companyName -ne null and user.accountEnabled -eq true',
    },
    {
      type: 'security',
      displayName: 'Everybody in the field',
      description: 'The largest group: most of it is synced from AD',
      members: ids(inField),
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

/** Kinds that are rare: made by Exchange, with hidden members, and one that gives roles in the cloud and is not written. */
function specialGroups({ people, chance }: Material): Wanted[] {
  const members = () => ids(chance.sample(people, 10));
  const rare = (type: GroupType, displayName: string, hidden?: true): Wanted => ({
    ...{ type, displayName, description: null, members: members() },
    ...(hidden && { hidden }),
  });
  return [
    rare('mailSecurity', 'Helpdesk alerts'),
    rare('mailSecurity', 'Störfälle'),
    rare('distribution', 'Newsletter'),
    rare('distribution', 'Весточки'),
    rare('microsoft365', 'Works council', true),
    rare('roleAssignable', 'Privileged role owners'),
  ];
}

const namesakes: Partial<Record<GroupType, readonly string[]>> = {
  security: ['Müller', 'Muller', 'Продажи', '李', 'Łódź', 'Ελλάδα', 'anna.weber', 'Administrators', '«+»'],
  microsoft365: ['MÜLLER', 'Prodazhi', 'Ellada'],
  distribution: ['Li'],
  mailSecurity: ['Lodz'],
};

/** Names that are different in the cloud and the same to AD, once they are plain; names that are taken, or not plain at all. */
function namesakeGroups({ people, chance }: Material): Wanted[] {
  const names = Object.entries(namesakes).flatMap(([type, list]) =>
    list.map((displayName) => [type as GroupType, displayName] as const),
  );
  return names.map(([type, displayName]) => ({
    ...{ type, displayName, description: null },
    members: ids(chance.sample(people, 3)),
  }));
}

const ids = (people: readonly Person[]) => people.map((person) => person.id);

function makeTeam({ chance, domain }: Material, wanted: Wanted): Team {
  const id = chance.guid();
  const mailNickname = `group-${id.slice(0, 8)}`;
  const mailEnabled = !['security', 'roleAssignable', 'synced'].includes(wanted.type);
  const { rule, hidden, ...team } = wanted;
  return {
    ...team,
    id,
    mailNickname,
    mail: mailEnabled ? `${mailNickname}@${domain}` : null,
    mailEnabled,
    securityEnabled: ['security', 'mailSecurity', 'roleAssignable', 'synced'].includes(wanted.type),
    groupTypes: groupTypes[wanted.type],
    membershipRule: rule ?? null,
    visibility: hidden ? 'HiddenMembership' : mailEnabled ? 'Private' : null,
    isAssignableToRole: wanted.type === 'roleAssignable' ? true : null,
  };
}

const groupTypes: Record<GroupType, string[]> = {
  security: [],
  microsoft365: ['Unified'],
  dynamic: ['Unified', 'DynamicMembership'],
  mailSecurity: [],
  distribution: [],
  roleAssignable: [],
  synced: [],
};
