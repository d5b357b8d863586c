import { defineConfig } from './shared/configuration/define-config.ts';

/**
 * What is written to Active Directory, and how. Nothing needs to be said here: every user and group that was born in the cloud is
 * written with the defaults of docs/expected-state.md. docs/configuration.md shows each option with an example; your editor
 * completes them. What is wrong is named by `npm run build`, and again when the app starts. A change begins a full round.
 */
export default defineConfig({
  users: {
    // guests: true,
    // filter: (user) => user.department !== 'Robots',
    // fallbackSuffix: 'corp.example',
  },
  groups: {
    // naming: 'display-name',
  },
});
