import type { ObjectId } from '../../domain/object-id.ts';
import type { Row } from '../../ports.ts';
import type { CloudObject } from '../kind-rules.ts';
import type { Reading } from '../reading.ts';
import type { Decision } from './decision.ts';

/**
 * Rows are written after what they tell was sent, with one exception: that an account is about to be disabled is written first.
 *
 * Whether an account may be enabled follows from the rows (decide-present.ts): not where we enabled it and it is found disabled.
 * If a disabling command were sent and its row lost in a crash, the next command, to the enabled user again, would find an account
 * disabled that the row knows as enabled, and believe for ever that somebody on-premises did it. The other way round, a row that
 * tells of a command that was never sent, costs nothing: the account may be enabled, which it is. The same holds for an account
 * that is created disabled: its row begins with that line.
 */
export async function foretellDisabling<T extends CloudObject>(
  { deps, rules }: Reading<T>,
  judged: readonly { ask: { id: ObjectId }; row: Row | undefined; decision: Decision }[],
): Promise<void> {
  const rows = judged
    .filter(({ row, decision }) => row?.enabled !== false && disables(decision))
    .map(({ ask }) => ({ kind: rules.kind, id: ask.id, enabled: false }));
  if (rows.length > 0) await deps.state.mergeRows(rows);
}

const disables = ({ body, patch }: Decision): boolean => body !== undefined && patch.enabled === false;
