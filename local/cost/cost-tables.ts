import { type Deployment, type Line, monthlyCost, total } from './monthly-cost.ts';
import { assumptions, prices } from './prices.ts';

const sizes = [1_000, 10_000, 100_000];
const usual: Omit<Deployment, 'users'> = { instancesEach: 1, memoryMb: 2_048 };
const others: { name: string; how: Omit<Deployment, 'users'> }[] = [
  { name: '`alwaysReadyInstances` 1, 2 GB (the default)', how: usual },
  { name: '`alwaysReadyInstances` 1, `instanceMemoryMB` 512', how: { instancesEach: 1, memoryMb: 512 } },
  {
    name: '`alwaysReadyInstances` 0, 2 GB: a cold start per change',
    how: { instancesEach: 0, memoryMb: 2_048 },
  },
];

/** The tables of docs/cost.md. */
export const costTables = (): string =>
  [byPart(), byInstances(), named('assumption', assumptions), named('price', prices)].join('\n\n');

function byPart(): string {
  const columns = sizes.map((users) => monthlyCost({ ...usual, users }));
  const rows = (columns[0] ?? []).map(({ what }, n) => [
    what,
    ...columns.flatMap((lines) => cells(lines[n])),
  ]);
  const sums = columns.flatMap((lines) => ['', `**${dollars(total(lines))}**`]);
  return table(
    ['a month', ...sizes.flatMap((users) => [`${users.toLocaleString('en')} users`, '$'])],
    [...rows, ['**together**', ...sums]],
  );
}

const cells = (line: Line | undefined): string[] =>
  line === undefined ? ['', ''] : [line.quantity, dollars(line.dollars)];

function byInstances(): string {
  const rows = others.map(({ name, how }) => [
    name,
    ...sizes.map((users) => dollars(total(monthlyCost({ ...how, users })))),
  ]);
  return table(['in all, $ a month', ...sizes.map((users) => users.toLocaleString('en'))], rows);
}

const named = (what: string, values: Readonly<Record<string, number>>): string =>
  table(
    [what, 'value'],
    Object.entries(values).map(([name, value]) => [`\`${name}\``, plain(value)]),
  );

const dollars = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));
/** Never 4e-6. */
const plain = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 8 });

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
