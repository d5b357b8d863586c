/**
 * How often a behaviour shows itself. An opportunity is defined where the behaviour is asked for.
 * `firstBy`: it shows itself at the latest at this opportunity, so that every run sees it. `gap`: so many opportunities
 * stay undisturbed afterwards, so that clients get on. `atMost`: occurrences in the life of the tenant.
 */
export type Frequency = { probability: number; firstBy: number; gap: number; atMost?: number };

/** What the real service is known to do to its clients (docs/differences/graph.md says how each is played). */
export const behaviours = {
  'empty-pages': { probability: 0.15, firstBy: 2, gap: 1 },
  'interleaved-groups': { probability: 0.2, firstBy: 1, gap: 1 },
  'replayed-items': { probability: 0.15, firstBy: 3, gap: 1 },
  'reordered-items': { probability: 0.3, firstBy: 1, gap: 0 },
  'lagging-delta': { probability: 0.15, firstBy: 2, gap: 2 },
  'lagging-reads': { probability: 0.15, firstBy: 3, gap: 2 },
  'duplicate-notifications': { probability: 0.1, firstBy: 3, gap: 0 },
  'reordered-notifications': { probability: 0.1, firstBy: 5, gap: 0 },
  'late-notifications': { probability: 0.05, firstBy: 8, gap: 2 },
  'lost-notifications': { probability: 0.04, firstBy: 12, gap: 5 },
  'half-loaded': { probability: 0.05, firstBy: 6, gap: 4 },
  'fresh-not-found': { probability: 0.15, firstBy: 2, gap: 2 },
  throttled: { probability: 0.02, firstBy: 12, gap: 10 },
  'batch-throttled': { probability: 0.02, firstBy: 10, gap: 15 },
  unavailable: { probability: 0.01, firstBy: 20, gap: 10 },
  resync: { probability: 0.02, firstBy: 6, gap: 5, atMost: 3 },
  'expired-subscription': { probability: 0.005, firstBy: 20, gap: 20, atMost: 2 },
} as const satisfies Record<string, Frequency>;

export type Behaviour = keyof typeof behaviours;

export const isBehaviour = (name: string): name is Behaviour => Object.hasOwn(behaviours, name);

/** The behaviours that a setting names: empty, `all`, or a comma list; undefined where a name is unknown. */
export function behavioursNamed(setting: string): ReadonlySet<Behaviour> | undefined {
  if (setting === 'all') return new Set(Object.keys(behaviours).filter(isBehaviour));
  const names = setting.split(',').map((name) => name.trim());
  const wanted = names.filter((name) => name !== '');
  return wanted.every(isBehaviour) ? new Set(wanted) : undefined;
}

/** How long a replica may lag behind, ms. */
export const lagMs = 2_000;
