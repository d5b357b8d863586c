import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeWorkbook } from './compose-workbook.ts';

/** `npm run workbook`: makes infra/workbook.json of the layout and the queries in infra/queries/workbook. */
const infra = join(import.meta.dirname, '..', '..', 'infra');
writeFileSync(join(infra, 'workbook.json'), composeWorkbook(join(infra, 'queries', 'workbook')));
