const leastLength = 6;

/** Properties of cloud objects that are ids, kinds or times: those may be told. */
const mayBeTold = new Set([
  ...[
    'id',
    'userType',
    'groupTypes',
    'visibility',
    'creationType',
    'externalUserState',
    'securityIdentifier',
  ],
  ...['onPremisesSecurityIdentifier', 'onPremisesImmutableId', 'createdDateTime', 'deletedDateTime'],
]);

/** Every text that a property of a cloud object ever had, of at least 6 characters, from the tenant's journal. */
export function valuesOfTenant(journal: string): Set<string> {
  const values = new Set<string>();
  for (const line of journal.split('\n')) {
    const entry = (line === '' ? {} : JSON.parse(line)) as { properties?: object };
    for (const [name, value] of Object.entries(entry.properties ?? {}))
      if (!mayBeTold.has(name)) collect(value, values);
  }
  return values;
}

/** Every text that was written to AD, from the verifier's memory: issued names are nowhere else. */
export function valuesWritten(identities: string): Set<string> {
  const values = new Set<string>();
  const { entries } = JSON.parse(identities) as {
    entries: Record<string, { sAMAccountName?: string; written?: object }>;
  };
  for (const { sAMAccountName, written } of Object.values(entries))
    collect([sAMAccountName, written], values);
  return values;
}

function collect(value: unknown, values: Set<string>): void {
  if (typeof value === 'string') {
    if (value.length >= leastLength) values.add(value);
  } else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) collect(inner, values);
}

/** The values that stand somewhere in the text, in any way that a careless sender might write them, each with its surroundings; the first 20. */
export function leaksIn(text: string, values: Iterable<string>): string[] {
  const leaks: string[] = [];
  const most = 20;
  for (const value of values) {
    if (leaks.length >= most) break;
    for (const form of formsOf(value)) {
      const at = text.indexOf(form);
      if (at >= 0) leaks.push(`${value}: …${text.slice(Math.max(0, at - 80), at + form.length + 20)}…`);
    }
  }
  return leaks;
}

/** As it is; as JSON in JSON (fields hold JSON as text); with everything but ASCII escaped; in a URL; in base64 without padding. */
function formsOf(value: string): Set<string> {
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Set([
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    ascii,
    JSON.stringify(ascii).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
  ]);
}
