import type { Section } from '../feature.ts';

/** What is written of groups: the rows of issue 4. */
export const groups: Section = {
  title: 'Groups',
  about: 'Figures and limits of large groups: [large-groups.md](large-groups.md).',
  rows: [
    {
      name: 'Kinds',
      support: 'yes',
      how: 'Security, Microsoft 365, mail-enabled security and distribution groups, assigned or dynamic, become universal security or distribution groups, by your own rule if you like; the kind may change later. Role-assignable groups on request only.',
      option: 'groups.kind, groups.roleAssignable',
      tags: [
        'groups.kinds.security',
        'groups.kinds.microsoft-365',
        'groups.kinds.mail-enabled',
        'groups.kinds.distribution',
        'groups.kinds.dynamic',
        'groups.kinds.rule',
        'groups.kinds.change',
        'groups.kinds.role-assignable',
      ],
    },
    {
      name: 'Scope',
      support: 'yes',
      how: 'As users; and what owners and administrators chose per group, where the beta of Graph is read.',
      option: 'groups.filter, groups.groups, groups.nested, groups.deny, groups.writebackConfiguration',
      tags: ['groups.scope.rules', 'groups.scope.writeback-configuration'],
    },
    {
      name: 'Naming',
      support: 'yes',
      how: 'Display name with the last 12 digits of the id; `Group_<id>` as Azure AD Connect; or the display name, numbered where it is taken.',
      option: 'groups.naming, groups.names',
      tags: ['groups.naming.default', 'groups.naming.id', 'groups.naming.display-name'],
    },
    {
      name: 'Members',
      support: 'yes',
      how: 'Users and groups of the cloud and of AD. With users switched off, no users of the cloud. Hidden membership is not shown; groups may contain each other; one person may be in thousands of groups; what AD refuses is left out and reported.',
      option: 'users: false, groups.hiddenMembership',
      tags: [
        'groups.members.all',
        'groups.members.on-premises-only',
        'groups.members.hidden',
        'groups.members.cycles',
        'groups.members.thousand-groups',
        'groups.members.moves',
        'groups.members.nesting-refused',
      ],
    },
    {
      name: 'Size',
      support: 'yes',
      how: 'A change costs the same whatever the size of the group. Complete lists travel in slices of 1,000, for which the group is read once, in ranges.',
      tags: ['groups.size.5000', 'groups.size.20000', 'groups.size.ranges'],
    },
    {
      name: 'Leaving, returning',
      support: 'yes',
      how: 'By cause: convert to distribution, keep, empty, delete, or delete after some days; a group that returns has its objectGUID, SID and members again.',
      option: 'groups.leaving',
      tags: ['groups.leaving', 'groups.returning'],
    },
    {
      name: 'Becoming synced',
      support: 'yes',
      how: 'Our marks are removed from the entry, and nothing else: members and memberships stay.',
      tags: ['groups.synced'],
    },
  ],
};

/** How it is told what to write, and what happens to what cannot be written. */
export const configuration: Section = {
  title: 'Configuration',
  about:
    '`writeback.config.ts`: a TypeScript file in your repository. Every option: [configuration.md](configuration.md).',
  rows: [
    {
      name: 'Typed, with defaults that need no change',
      support: 'yes',
      how: '`defineConfig` completes and checks in the editor; an empty configuration works.',
      option: 'defineConfig',
      tags: ['config.typed'],
    },
    {
      name: 'Validated at build and at start, all mistakes at once',
      support: 'yes',
      how: 'Each mistake by its place, with a suggestion; nothing starts with a wrong configuration.',
      tags: ['config.validated'],
    },
    {
      name: 'Unit-testable mappings',
      support: 'yes',
      how: 'Two lines of a test ask what a user of yours would become.',
      option: 'tryUser, tryGroup',
      tags: ['config.testable'],
    },
    {
      name: 'A mapping that throws parks that object only',
      support: 'yes',
      how: 'The result names the place of the function and the class of the error, never a value.',
      tags: ['config.throws'],
    },
    {
      name: 'A changed configuration rings a full round',
      support: 'yes',
      how: 'The configuration is hashed with its functions; another hash begins a round over everything.',
      option: 'revision',
      tags: ['config.full-round'],
    },
  ],
};

export const parking: Section = {
  title: 'Parking',
  about: 'An object that cannot be written is set aside; nothing else waits for it.',
  rows: [
    {
      name: 'A code and a sentence to act on, in the row and in the log',
      support: 'yes',
      how: 'Codes and what each leads to stand in one table (`shared/errors.ts`).',
      tags: ['parking.code'],
    },
    {
      name: 'Rung again on a growing schedule, and at once when it changes',
      support: 'yes',
      how: 'From minutes to hours; a change in the cloud does not wait for the schedule.',
      tags: ['parking.schedule'],
    },
    {
      name: 'Nothing else waits',
      support: 'yes',
      how: 'Other objects of the same lane are written while one is parked.',
      tags: ['parking.others-flow'],
    },
    {
      name: 'The log keeps what was asked, what was changed, outcome, code and times',
      support: 'yes',
      how: 'One line per command: names of attributes, never their values.',
      tags: ['parking.log'],
    },
  ],
};
