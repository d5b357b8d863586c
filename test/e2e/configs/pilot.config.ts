import { defineConfig } from '../../../shared/configuration/define-config.ts';

/** The pilot group and, nested in it, its wave; the externals are never written, whatever they are in. */
export const pilot = '60000000-0000-4000-8000-000000000001';
export const wave = '60000000-0000-4000-8000-000000000002';
export const externals = '60000000-0000-4000-8000-000000000003';

/** A careful beginning: a pilot group with guests, leavers in an OU of their own, groups by their display names. */
// biome-ignore lint/style/noDefaultExport: a configuration is a default export
export default defineConfig({
  users: {
    guests: true,
    groups: [pilot],
    deny: [externals],
    attributes: {
      title: false,
      info: { from: (user) => `First written as ${user.displayName ?? 'nobody'}`, when: 'creation' },
      mobile: { empty: 'keep' },
    },
    leaving: { softDelete: 'leavers', hardDelete: 'delete', outOfScope: 'leavers' },
  },
  groups: {
    filter: (group) => group.displayName !== 'Not this one',
    naming: 'display-name',
    kind: (group) => (group.displayName?.startsWith('Team') === true ? 'security' : undefined),
    leaving: { softDelete: 'empty' },
  },
});
