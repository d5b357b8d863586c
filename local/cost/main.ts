/** `npm run cost`: writes the tables of docs/cost.md from prices.ts; `-- --users 5000` prints a month for as many users. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { costTables } from './cost-tables.ts';
import { monthlyCost, total } from './monthly-cost.ts';

const { values } = parseArgs({ options: { users: { type: 'string' } } });
const page = new URL('../../docs/cost.md', import.meta.url);

if (values.users === undefined) {
  const [head = ''] = readFileSync(page, 'utf8').split(/(?<=<!-- npm run cost -->\n)/);
  writeFileSync(page, `${head}\n${costTables()}\n`);
} else {
  const lines = monthlyCost({ users: Number(values.users), instancesEach: 1, memoryMb: 2_048 });
  for (const { what, quantity, dollars } of lines)
    console.log(`${dollars.toFixed(2).padStart(9)}  ${what}: ${quantity}`);
  console.log(`${total(lines).toFixed(2).padStart(9)}  $ a month`);
}
