import { basename } from 'node:path';
import { z } from 'zod';

/** One thing that the compiler or its linter has to say. */
export type Diagnostic = { file: string; line: number; rule: string; level: string; text: string };

const schema = z.object({
  runs: z.array(
    z.object({
      results: z.array(
        z.object({
          ruleId: z.string(),
          level: z.string().default('warning'),
          message: z.object({ text: z.string() }),
          locations: z.array(
            z.object({
              physicalLocation: z.object({
                artifactLocation: z.object({ uri: z.string() }),
                region: z.object({ startLine: z.number() }),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
});

/**
 * Reads what `--diagnostics-format sarif` writes: one JSON document per file, one after the other; a module that several files use is
 * told several times. Throws where there is no document at all: silence is not the same as nothing to say.
 */
export function readSarif(text: string): Diagnostic[] {
  const documents = text.split(/(?<=^\})\s*(?=\{)/m).filter((document) => document.trim() !== '');
  if (documents.length === 0) throw new Error('the compiler reported nothing, not even that all is well');
  const told = documents.flatMap((document) =>
    schema.parse(JSON.parse(document)).runs.flatMap((run) => run.results.map(diagnosticOf)),
  );
  return [...new Map(told.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

type Result = z.infer<typeof schema>['runs'][number]['results'][number];

function diagnosticOf({ ruleId, level, message, locations }: Result): Diagnostic {
  const place = locations[0]?.physicalLocation;
  return {
    file: basename(place?.artifactLocation.uri ?? ''),
    line: place?.region.startLine ?? 0,
    rule: ruleId,
    level,
    text: message.text,
  };
}
