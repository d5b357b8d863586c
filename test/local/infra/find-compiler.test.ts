import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCompiler, NoCompiler, pinnedVersion, runtimeId } from '../../../local/infra/find-compiler.ts';
import { infraFile } from '../../infra/snapshot.ts';

let folder: string;
let project: string;
const pathBefore = process.env['PATH'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wb-compiler-'));
  project = join(folder, 'bicep.csproj');
  writeFileSync(project, '<Project><BicepVersion>1.2.3</BicepVersion></Project>');
  mkdirSync(join(folder, 'bin'));
  // Nothing but what a test puts there, and a shell for it.
  process.env['PATH'] = join(folder, 'bin');
});

afterEach(() => {
  process.env['PATH'] = pathBefore;
  rmSync(folder, { recursive: true, force: true });
});

/** A program that prints a version, as the compiler does. */
function program(path: string, version: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "Bicep CLI version ${version} (0123456789)"\n`);
  chmodSync(path, 0o755);
}

const find = () => findCompiler(project, join(folder, 'cache'));

describe.skipIf(process.platform === 'win32')('the compiler', () => {
  it('is the one on the PATH if it has the pinned version', async () => {
    program(join(folder, 'bin', 'bicep'), '1.2.3');
    expect(await find()).toEqual({ path: 'bicep', version: '1.2.3', from: 'PATH' });
  });

  it('is the restored one if the one on the PATH has another version', async () => {
    program(join(folder, 'bin', 'bicep'), '1.2.4');
    const cached = join(
      ...[folder, 'cache', 'packages', `azure.bicep.commandline.${runtimeId()}`, '1.2.3', 'tools', 'bicep'],
    );
    program(cached, '1.2.3');
    expect(await find()).toEqual({ path: cached, version: '1.2.3', from: 'cache' });
  });

  it('where there is none, and no .NET SDK either, one line says how to get it', async () => {
    const error = await find().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NoCompiler);
    expect((error as NoCompiler).message).toMatch(
      /^Bicep 1\.2\.3 is not on the PATH, and there is no \.NET SDK[^\n]*https:\/\/aka\.ms\/bicep-install[^\n]*$/,
    );
  });

  it('where the SDK cannot reach NuGet the line says that', async () => {
    const dotnet = join(folder, 'bin', 'dotnet');
    writeFileSync(dotnet, '#!/bin/sh\nexit 1\n');
    chmodSync(dotnet, 0o755);
    await expect(find()).rejects.toThrow('dotnet could not restore it from NuGet');
  });
});

describe('the pin', () => {
  it('is in infra/bicep.csproj, and main.json was made with it', () => {
    const { metadata } = JSON.parse(infraFile('main.json')) as {
      metadata: { _generator: { version: string } };
    };
    expect(metadata._generator.version).toContain(`${pinnedVersion(infraFile('bicep.csproj'))}.`);
  });

  it.each([
    ['linux', 'x64', false, 'linux-x64'],
    ['linux', 'arm64', true, 'linux-musl-arm64'],
    ['darwin', 'arm64', false, 'osx-arm64'],
    ['win32', 'x64', false, 'win-x64'],
  ] as const)('%s %s (musl: %s) is %s for NuGet', (platform, arch, isMusl, id) => {
    expect(runtimeId(platform, arch, isMusl)).toBe(id);
  });
});
