import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

/** The Bicep compiler with the pinned version, and where it came from. */
export type Compiler = { path: string; version: string; from: 'PATH' | 'cache' | 'NuGet' };

/** There is no compiler; the message is the one line that says how to get it. */
export class NoCompiler extends Error {}

/** A restore that takes longer has no way out to NuGet. */
const restoreTimeoutMs = 60_000;

/**
 * Finds the compiler that `project` (infra/bicep.csproj) pins: `bicep` on the PATH if it has that very version, else what an earlier run
 * restored into `cache`, else restored now by the .NET SDK. Throws NoCompiler.
 */
export async function findCompiler(project: string, cache: string): Promise<Compiler> {
  const version = pinnedVersion(readFileSync(project, 'utf8'));
  if ((await versionOf('bicep')) === version) return { path: 'bicep', version, from: 'PATH' };
  const runtime = runtimeId();
  const path = join(cache, 'packages', `azure.bicep.commandline.${runtime}`, version, 'tools', executable);
  if ((await versionOf(path)) === version) return { path, version, from: 'cache' };
  const problem = await restore(project, cache, runtime);
  if (problem === undefined && existsSync(path)) {
    chmodSync(path, 0o755); // NuGet packages carry no permissions.
    if ((await versionOf(path)) === version) return { path, version, from: 'NuGet' };
  }
  throw new NoCompiler(howToGet(version, problem ?? `it does not run on ${runtime}`));
}

const executable = process.platform === 'win32' ? 'bicep.exe' : 'bicep';

export function pinnedVersion(project: string): string {
  const version = /<BicepVersion>([^<]+)<\/BicepVersion>/.exec(project)?.[1];
  if (version === undefined) throw new Error('infra/bicep.csproj names no BicepVersion');
  return version;
}

/** What NuGet calls this machine. */
export function runtimeId(
  platform: string = process.platform,
  arch: string = process.arch,
  isMusl: boolean = existsSync('/etc/alpine-release'),
): string {
  const system = { win32: 'win', darwin: 'osx', linux: isMusl ? 'linux-musl' : 'linux' }[platform];
  return `${system ?? platform}-${arch}`;
}

async function versionOf(path: string): Promise<string | undefined> {
  if (path !== 'bicep' && !existsSync(path)) return undefined;
  const ran = await runProgram(path, ['--version']).catch(() => undefined);
  return /version (\d+\.\d+\.\d+)/.exec(ran?.stdout ?? '')?.[1];
}

/** What went wrong, or undefined. Everything it makes is in the cache; nothing is built. */
async function restore(project: string, cache: string, runtime: string): Promise<string | undefined> {
  const args = [
    ...['restore', project, '--packages', join(cache, 'packages')],
    ...[`-p:MSBuildProjectExtensionsPath=${join(cache, 'obj')}/`, `-p:BicepRuntime=${runtime}`],
  ];
  const env = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' };
  const ran = await runProgram('dotnet', args, { env, timeoutMs: restoreTimeoutMs });
  if (ran === undefined) return 'there is no .NET SDK to restore it from NuGet';
  return ran.code === 0 ? undefined : 'dotnet could not restore it from NuGet';
}

function howToGet(version: string, problem: string): string {
  return `Bicep ${version} is not on the PATH, and ${problem}: install it (https://aka.ms/bicep-install) or a .NET SDK, 8 or later.`;
}
