import type { TaggedTest } from './evidence.ts';
import type { Feature, Section } from './feature.ts';

/** What the tests say of a tag. */
export type Proof = { tag: string; tests: readonly TaggedTest[]; isProven: boolean };

/** A row with what proves it. `isUnproven`: it claims what no passing test shows. */
export type JudgedFeature = Feature & { proofs: readonly Proof[]; isUnproven: boolean };
export type JudgedSection = Omit<Section, 'rows'> & { rows: readonly JudgedFeature[] };
export type Judgement = { sections: readonly JudgedSection[]; problems: readonly string[] };

/**
 * Holds what the rows claim against the tests that ran. A tag is proven where at least one test has it and all of them passed.
 * `strayTags` are those of titles in suites that did not run: they must be known, too.
 */
export function judge(
  sections: readonly Section[],
  tests: readonly TaggedTest[],
  strayTags: ReadonlyMap<string, string> = new Map(),
): Judgement {
  const byTag = testsByTag(tests);
  const judged = sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => judgeRow(row, byTag)),
  }));
  const problems = [
    ...judged.flatMap(({ title, rows }) => rows.flatMap((row) => problemsOf(title, row))),
    ...unknownTags(sections, byTag, strayTags),
  ];
  return { sections: judged, problems };
}

function testsByTag(tests: readonly TaggedTest[]): Map<string, TaggedTest[]> {
  const byTag = new Map<string, TaggedTest[]>();
  for (const test of tests)
    for (const tag of new Set(test.tags)) byTag.set(tag, [...(byTag.get(tag) ?? []), test]);
  return byTag;
}

function judgeRow(row: Feature, byTag: ReadonlyMap<string, readonly TaggedTest[]>): JudgedFeature {
  const proofs = (row.tags ?? []).map((tag) => {
    const tests = byTag.get(tag) ?? [];
    return { tag, tests, isProven: tests.length > 0 && tests.every(({ passed }) => passed) };
  });
  const claims = row.support === 'yes' || row.support === 'part';
  const isProven = proofs.length > 0 && proofs.every((proof) => proof.isProven);
  return { ...row, proofs, isUnproven: claims && !isProven };
}

function problemsOf(section: string, row: JudgedFeature): string[] {
  if (!row.isUnproven) return [];
  const where = `${section}, ${row.name}`;
  if (row.proofs.length === 0) return [`${where}: is called supported and names no tag`];
  return row.proofs
    .filter(({ isProven }) => !isProven)
    .map(({ tag, tests }) => {
      const failed = tests.filter(({ passed }) => !passed).length;
      return tests.length === 0
        ? `${where}: no test is tagged [${tag}]`
        : `${where}: ${failed} of ${tests.length} tests tagged [${tag}] did not pass`;
    });
}

function unknownTags(
  sections: readonly Section[],
  byTag: ReadonlyMap<string, readonly TaggedTest[]>,
  strayTags: ReadonlyMap<string, string>,
): string[] {
  const known = new Set(sections.flatMap(({ rows }) => rows.flatMap(({ tags = [] }) => tags)));
  const used = new Map([
    ...strayTags,
    ...[...byTag].map(([tag, [test]]) => [tag, test?.file ?? ''] as const),
  ]);
  return [...used]
    .filter(([tag]) => !known.has(tag))
    .map(([tag, file]) => `${file}: the tag [${tag}] belongs to no row`)
    .sort();
}
