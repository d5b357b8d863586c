import { z } from 'zod';

/** The relay's canonical line: what it did with one command (local/README.md). */
const appliedSchema = z.object({
  msg: z.literal('applied'),
  id: z.string(),
  of: z.enum(['user', 'group', 'difference', 'slice']),
  outcome: z.string(),
  code: z.string().optional(),
  changed: z.array(z.string()).default([]),
  added: z.number().default(0),
  removed: z.number().default(0),
  times: z.object({ event: z.number().optional(), ring: z.number(), commit: z.number().optional() }),
});
export type Applied = z.infer<typeof appliedSchema>;

/** A line as the relay printed it, parsed from JSON; undefined where it is another one. */
export const appliedFrom = (line: unknown): Applied | undefined => appliedSchema.safeParse(line).data;

/** Whether an entry came: with its name, even where another name of it is still awaited. An issued name never changes. */
export const isCreation = ({ outcome, changed }: Applied): boolean =>
  outcome === 'created' || changed.includes('sAMAccountName');

/** Whether AD is different afterwards. */
export const hasEffect = ({ outcome, changed, added, removed }: Applied): boolean =>
  ['created', 'deleted'].includes(outcome) || changed.length + added + removed > 0;
