import { describe } from 'vitest';
import { describeAllRows } from './all-rows.ts';
import { describeConditionalMerges } from './conditional-merges.ts';
import { describeCursors } from './cursors.ts';
import { describeLog } from './log.ts';
import type { Opened } from './opened.ts';
import { describeParked } from './parked.ts';
import { describeRows } from './rows.ts';
import { describeSecrets } from './secrets.ts';

export type { Inside, Opened } from './opened.ts';

/** What every `State` promises, whatever keeps it (shared/ports.ts). `open` gives one without any content. */
export function describeState(name: string, open: () => Promise<Opened>): void {
  describe(`state on ${name}`, () => {
    describeCursors(open);
    describeRows(open);
    describeConditionalMerges(open);
    describeAllRows(open);
    describeParked(open);
    describeLog(open);
    describeSecrets(open);
  });
}
