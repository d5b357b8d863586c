import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { typesFolders } from '../../../local/infra/types-folders.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'wb-types-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'ignore' });

describe('where the types of the Graph extension may lie', () => {
  it('beside the repository', async () => {
    git('init', 'main');
    expect(await typesFolders(join(root, 'main'))).toEqual([join(root, 'shared', 'bicep')]);
  });

  it('beside the one that it was cloned from, if that is a folder', async () => {
    git('init', 'here/clone');
    git('-C', 'here/clone', 'remote', 'add', 'origin', join(root, 'there', 'main'));
    const clone = join(root, 'here', 'clone');
    const beside = join(root, 'here', 'shared', 'bicep');
    expect(await typesFolders(clone)).toEqual([beside, join(root, 'there', 'shared', 'bicep')]);
    git('-C', 'here/clone', 'remote', 'set-url', 'origin', 'https://example.com/main.git');
    expect(await typesFolders(clone)).toEqual([beside]);
  });
});
