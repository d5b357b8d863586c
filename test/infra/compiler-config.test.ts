import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { infraFile } from './snapshot.ts';

const folder = join(import.meta.dirname, '..', '..', 'infra');
const config = JSON.parse(infraFile('bicepconfig.json')) as {
  analyzers: { core: { enabled: boolean; rules: Record<string, { level: string }> } };
};

describe('the linter', () => {
  it('has every rule on, those too that are off by default', () => {
    const { enabled, rules } = config.analyzers.core;
    expect(enabled).toBe(true);
    expect(Object.entries(rules).filter(([, { level }]) => level !== 'warning')).toEqual([]);
    expect(Object.keys(rules)).toEqual(
      expect.arrayContaining([
        'explicit-values-for-loc-params',
        'no-hardcoded-location',
        'no-loc-expr-outside-params',
        'use-recent-api-versions',
        'use-recent-module-versions',
        'use-resource-id-functions',
        'use-user-defined-types',
        'what-if-short-circuiting',
      ]),
    );
  });

  it('is silenced nowhere', () => {
    const files = globSync('**/*.{bicep,bicepparam}', { cwd: folder });
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => infraFile(file).includes('#disable'))).toEqual([]);
  });
});
