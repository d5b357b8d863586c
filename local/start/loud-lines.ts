const sameMs = 30_000;
const loudLevels = ['error', 'fatal', 'critical'];

/** Picks from the lines of the parts what a person should see at once, and each text only once in 30 s. */
export function loudLines(now: () => number): (part: string, line: unknown) => string | undefined {
  const said = new Map<string, number>();
  return (part, line) => {
    const text = loudText(line);
    if (text === undefined) return undefined;
    const whole = `${part}: ${text}`;
    const before = said.get(whole);
    if (before !== undefined && now() - before < sameMs) return undefined;
    said.set(whole, now());
    return whole;
  };
}

/** Errors of the relay (`msg`) and of the host (`message`). */
function loudText(line: unknown): string | undefined {
  if (typeof line !== 'object' || line === null || !('level' in line)) return undefined;
  if (!loudLevels.includes(String(line.level))) return undefined;
  const text = 'msg' in line ? line.msg : 'message' in line ? line.message : undefined;
  const code = 'code' in line ? ` (${String(line.code)})` : '';
  return typeof text === 'string' ? `${text.split('\n')[0]}${code}` : undefined;
}
