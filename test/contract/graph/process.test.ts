import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { openWorld, standInOnly } from './world.ts';

const entry = join(import.meta.dirname, '../../../local/tenant/main.ts');

/** How the process meets its supervisor (local/README.md). */
describe('the process', () => {
  standInOnly('reports every problem of its settings at once, without values, and ends with 2', async () => {
    const environment = {
      PATH: process.env['PATH'],
      TENANT_PORT: 'secret-value',
      TENANT_AWKWARD: 'all,nonsense',
    };
    const child = spawn(process.execPath, [entry], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let problems = '';
    child.stderr.on('data', (chunk: Buffer) => {
      problems += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(2);
    for (const name of ['PORT', 'IDENTITY_PORT', 'TLS_KEY_FILE', 'STATE_DIR', 'TOKEN_SECRET', 'AWKWARD'])
      expect(problems).toContain(`TENANT_${name}`);
    expect(problems).not.toContain('secret-value');
  });

  standInOnly('ends when its standard input ends', async () => {
    const world = await openWorld();
    await world.close();
    await expect(fetch(`${world.base}/users`)).rejects.toThrow();
  });
});
