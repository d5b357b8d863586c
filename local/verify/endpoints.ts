import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** What the verifier needs of `.local/endpoints.json`; other parts of the file are not its business. */
const endpointsSchema = z.object({
  graph: z.object({ url: z.url(), token: z.string().min(1), caFile: z.string().min(1) }),
  directory: z.object({
    url: z.string().startsWith('ldaps://'),
    caFile: z.string().min(1),
    baseDn: z.string().min(1),
    destination: z.string().min(1),
    leavers: z.string().min(1).optional(),
    adminDn: z.string().min(1),
    adminPassword: z.string().min(1),
  }),
});
export type VerifyEndpoints = z.infer<typeof endpointsSchema>;

/** Why a comparison cannot be made at all: no stack, no access. Exit code 2, never "no difference". */
export class CannotVerify extends Error {}

/** Reads the endpoints; throws CannotVerify with a sentence for people. */
export async function readEndpoints(file: string): Promise<VerifyEndpoints> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CannotVerify(`There is no ${file}: nothing is running here. Start the stack with: npm start`);
  });
  const parsed = endpointsSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new CannotVerify(`${file} is not complete: ${problems.join('; ')}`);
}

/** One text per directory: its address, and the CA, of which every stack has its own. */
export const directoryName = ({ url, caFile }: VerifyEndpoints['directory']): string => `${url} ${caFile}`;
