import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Samba's Python bindings belong to the interpreter of the distribution; another python3 on the PATH has none. */
const interpreter = '/usr/bin/python3';

/**
 * Runs one of the Python scripts of this folder with a JSON object on stdin and answers the JSON object that it prints.
 * Throws with what the script said on stderr where it fails.
 */
export async function runSambaScript(script: string, input: object): Promise<unknown> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(interpreter, [path], {
    stdio: 'pipe',
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
  });
  child.stdin.end(JSON.stringify(input));
  const [output, complaints] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (child.exitCode !== 0) throw new Error(`${script} failed:\n${complaints.slice(-2000)}`);
  return JSON.parse(output);
}
