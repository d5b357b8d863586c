import type { Section } from '../feature.ts';
import { compared } from './compared.ts';
import { configuration, groups, parking } from './groups.ts';
import { users } from './users.ts';
import { windows } from './windows.ts';

/** All tables of docs/features.md, in their order. */
export const sections: readonly Section[] = [users, groups, configuration, parking, compared, windows];
