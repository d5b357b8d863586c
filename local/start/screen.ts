/** What the person at the terminal sees. Everything but results is left out when only JSON is wanted. */
export type Screen = {
  /** A sentence, or nothing for an empty line. */
  say(text?: string): void;
  /** A passing state: on a terminal it is replaced by the next line, elsewhere it is printed when it changed, at most every 2 s. */
  passing(text: string): void;
  /** A result: always printed. */
  result(text: string): void;
};

const quietMs = 2_000;

/** A screen on standard output. */
export function terminalScreen(json: boolean, output: NodeJS.WriteStream = process.stdout): Screen {
  let pending = false;
  let last = { text: '', at: 0 };
  const clear = () => {
    if (pending) output.write('\r\u001b[2K');
    pending = false;
  };
  const line = (text: string) => {
    clear();
    output.write(`${text}\n`);
  };
  const passing = (text: string) => {
    if (output.isTTY) {
      clear();
      output.write(text.slice(0, (output.columns || 80) - 1));
      pending = true;
    } else if (text !== last.text && Date.now() - last.at > quietMs) {
      last = { text, at: Date.now() };
      line(text);
    }
  };
  const silent = () => undefined;
  return { say: json ? silent : (text = '') => line(text), passing: json ? silent : passing, result: line };
}
