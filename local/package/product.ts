import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../stack/part-plan.ts';

const schema = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  license: z.string(),
  engines: z.object({ node: z.string() }),
});

/** What our own package.json says of the whole. */
export type Product = z.infer<typeof schema>;

export function readProduct(): Product {
  return schema.parse(JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')));
}
