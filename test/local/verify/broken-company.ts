import { compare } from '../../../local/verify/compare.ts';
import type { DirectoryEntry, DirectoryState } from '../../../local/verify/directory-state.ts';
import { baselineWorld, directoryWorld, tenantWorld } from './company-in-ad.ts';

/** Tenant and AD that agree, and what was seen of them before. */
export function world() {
  return { tenant: tenantWorld(), directory: directoryWorld(), baseline: baselineWorld() };
}

/** The kinds of the differences after something was done to a world that agreed. */
export function brokenBy(change: (world: ReturnType<typeof broken>) => void): string[] {
  const made = broken();
  change(made);
  return compare(made.tenant, made.directory, made.baseline).differences.map(
    ({ kind, what }) => `${kind}: ${what}`,
  );
}

/** The same, with ways to break entries of AD by the beginning of their cn. */
export function broken() {
  const made = world();
  const named = (rdn: string): DirectoryEntry => {
    const found = made.directory.entries.find((one) => one.dn.startsWith(`CN=${rdn}`));
    if (found === undefined) throw new Error(`no ${rdn}`);
    return found;
  };
  const set = (rdn: string, name: string, ...values: string[]) => {
    const list = named(rdn).values;
    if (values.length === 0) list.delete(name.toLowerCase());
    else list.set(name.toLowerCase(), values);
  };
  return { ...made, named, set };
}

/** Takes an entry out of AD. */
export const without = (directory: DirectoryState, gone: DirectoryEntry) => {
  directory.entries = directory.entries.filter((one) => one !== gone);
};
