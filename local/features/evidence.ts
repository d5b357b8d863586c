import { z } from 'zod';

/** A test as the page names it, with the tags of its title and of the titles around it. */
export type TaggedTest = { title: string; file: string; tags: readonly string[]; passed: boolean };

/** The part of vitest's JSON report (`--reporter=json`) that is read here. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

const tagAtStart = /^\[([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)\]\s*/;
/** The beginning of a title in a source file. */
const taggedTitle = /['"`]((?:\[[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+\]\s*)+)/g;

/** The tags at the beginning of a title, and what is left of it. */
export function tagsOf(title: string): { tags: string[]; rest: string } {
  const tags: string[] = [];
  let rest = title;
  for (let found = tagAtStart.exec(rest); found !== null; found = tagAtStart.exec(rest)) {
    tags.push(found[1] ?? '');
    rest = rest.slice(found[0].length);
  }
  return { tags, rest };
}

/** The tags of the titles in a test's source: for suites that a check does not run. */
export function tagsInSource(source: string): string[] {
  return [...source.matchAll(taggedTitle)].flatMap(([, tags = '']) => tagsOf(tags).tags);
}

/** Every tagged test of a report, files relative to `root`, in an order that does not depend on the run. Throws on another format. */
export function testsOfReport(report: string, root: string): TaggedTest[] {
  const { testResults } = reportSchema.parse(JSON.parse(report));
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => {
      const titles = [...ancestorTitles, title].map(tagsOf);
      return {
        title: titles.map(({ rest }) => rest).join(' › '),
        file: name.startsWith(`${root}/`) ? name.slice(root.length + 1) : name,
        tags: titles.flatMap(({ tags }) => tags),
        passed: status === 'passed',
      };
    }),
  );
  const keyOf = ({ file, title }: TaggedTest): string => `${file} ${title}`;
  return tests.filter(({ tags }) => tags.length > 0).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
