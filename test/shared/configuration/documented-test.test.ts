import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The tests that docs/configuration.md prints for owners run here, in a folder as deep as the one that the page names. */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
const printed = [...page.matchAll(/```ts\n([\s\S]*?)```/g)]
  .map(([, text = '']) => text)
  .filter((text) => text.includes("from 'vitest'"));

// What the configuration says as it is shipped: an owner's own may say something else.
const shipped = `import { defineConfig } from '../../shared/configuration/define-config.ts';
export default defineConfig({ users: {}, groups: {} });
`;

describe('[config.testable] docs/configuration.md', () => {
  it('prints tests, under the imports of a file in test/house', () => {
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/^test\('/m);
    expect(printed[0]).toContain("import config from '../../writeback.config.ts';");
  });

  // Importing them is what makes them tests of this file.
  describe.each(printed)('as printed', async (text) => {
    mkdirSync(join(root, '.local'), { recursive: true });
    const folder = mkdtempSync(join(root, '.local/examples-'));
    try {
      writeFileSync(join(folder, 'shipped.config.ts'), shipped);
      writeFileSync(
        join(folder, 'mapping.ts'),
        text.replace("'../../writeback.config.ts'", "'./shipped.config.ts'"),
      );
      await import(join(folder, 'mapping.ts'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
