import { createHash } from 'node:crypto';
import { desiredHash } from '../../domain/desired-hash.ts';
import type { MemberKey } from '../../domain/member-key.ts';
import type { Row, RowCommanded } from '../../ports.ts';
import type { CloudObject, PresentBody } from '../kind-rules.ts';
import type { Question } from './decision.ts';
import { mayEnable } from './may-enable.ts';
import { hereAgain } from './row-state.ts';
import type { Wish } from './settle.ts';

/**
 * What a live object in scope should be, and what of it is compared with the row.
 *
 * `hash` covers what the mapping gives; what is for a new entry only counts until there is one. Manager and photo are reads of their own, which not every read includes; so each has a
 * column of its own and is compared only where it was read. A value without them names neither (AD keeps what it has), and
 * marks the column as unknown (`?`): what an earlier command said of it may never have been applied, and the command that
 * follows must not be skipped for it. `mayEnable` is no part of the comparison: it follows from the rows.
 */
export function decidePresent<T extends CloudObject>(question: Question<T>, object: T): Wish | undefined {
  const { rules, row, writeback, ask } = question;
  const body = rules.present(object, writeback);
  if (body === undefined) return undefined;
  const wish = { state: body.state, hash: hashOfPresent(body, row) };
  if (body.type === 'group') return { ...wish, body, patch: hereAgain(row) };
  const parts = partsOf(question, object);
  return {
    ...wish,
    body: {
      ...body,
      ...parts.body,
      mayEnable: mayEnable(row, writeback),
      ...(ask.nameWanted ? { nameWanted: true } : {}),
    },
    patch: { ...hereAgain(row), ...parts.patch, enabled: body.enabled },
    differs: parts.differ,
  };
}

/** Two hashes, of what is written always and of `initial`. */
function hashOfPresent({ initial, ...lasting }: PresentBody, row: Row | undefined): string {
  const hash = desiredHash(lasting);
  if (row?.objectGuid && row.hash?.startsWith(hash)) return row.hash;
  return `${hash}.${desiredHash(initial ?? {})}`;
}

type Parts = {
  body: { manager?: MemberKey | null; photo?: string | null };
  patch: Pick<RowCommanded, 'manager' | 'photo'>;
  differ: boolean;
};

function partsOf<T extends CloudObject>(question: Question<T>, object: T): Parts {
  const { rules, row, writeback } = question;
  const wanted = rules.parts(writeback);
  const manager = wanted.manager ? question.manager : undefined;
  const photo = wanted.photo ? usablePhoto(object.photo) : undefined;
  const patch = {
    ...(wanted.manager ? { manager: manager === undefined ? unknown : (manager ?? '') } : {}),
    ...(wanted.photo ? { photo: photo === undefined ? unknown : photoHash(photo) } : {}),
  };
  return {
    body: { ...(manager === undefined ? {} : { manager }), ...(photo === undefined ? {} : { photo }) },
    patch,
    differ:
      (manager !== undefined && patch.manager !== row?.manager) ||
      (photo !== undefined && patch.photo !== row?.photo),
  };
}

const unknown = '?';

/** 100 KiB (docs/expected-state.md) in base64; a larger photo is none. */
const maxPhotoLength = 4 * Math.ceil(102_400 / 3);

function usablePhoto(photo: string | null | undefined): string | null | undefined {
  return typeof photo === 'string' && photo.length > maxPhotoLength ? null : photo;
}

function photoHash(photo: string | null): string {
  return photo === null ? '' : createHash('sha256').update(photo).digest('hex');
}
