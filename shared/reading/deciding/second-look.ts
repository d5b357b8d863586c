import { desiredHash } from '../../domain/desired-hash.ts';
import { MappingError } from '../../domain/mapping-error.ts';
import type { Settings } from '../../domain/settings.ts';
import type { CloudObject, KindRules } from '../kind-rules.ts';
import type { Decision, Question, Shown } from './decision.ts';

/**
 * Once more after a while, in four cases: a notification led to nothing new, so the read may lag behind it; a read led to
 * something new, which a lagging replica may have made old again (a leaver who is live once more); a page says otherwise than
 * the read; an object that was not readable at first is out of scope. The second read is later than any lag that matters; where it
 * finds nothing new it is the last.
 *
 * A mapping that reads the clock gives something new with every read, so the looks are counted. Attempts count other questions
 * as well (a group that no round has shown), whose schedule ends by itself: news at its end are doubted once more, no longer.
 * A fresh notification begins anew, whatever it was merged with.
 */
export function secondLook<T extends CloudObject>(
  question: Question<T>,
  decision: Decision,
): Decision['again'] {
  const { ask, rules, settings, round } = question;
  const differs = ask.attempt === 0 && disagrees(question);
  // Rung groups are asked about until a delta round shows them (await-shown.ts), which includes this.
  const isUnanswered =
    (ask.fresh || isFirstSight(question)) && decision.body === undefined && rules.kind === 'user';
  const attempt = ask.fresh ? 0 : ask.attempt;
  const isNews = decision.isNews === true && attempt <= settings.lookAgainMs.length;
  // The delta link that follows a full round is as old as its pages.
  const isWanted = round === 'page' ? differs : isUnanswered || isNews || differs;
  return isWanted ? { afterMs: settings.secondLookMs, attempt: attempt + 1 } : undefined;
}

/** A new object that was not readable at first: what is read of it now may still be its beginning. */
function isFirstSight<T extends CloudObject>({ ask, row, looked }: Question<T>): boolean {
  return ask.attempt > 0 && row === undefined && looked.found === 'live';
}

function disagrees<T extends CloudObject>({ shown, looked, rules, writeback }: Question<T>): boolean {
  if (shown === undefined || looked.found === 'missing') return false;
  if (shown.type === 'removed') return looked.found === 'live' || shown.reason === 'deleted';
  if (looked.found !== 'live') return true;
  const read = shownAs(rules, looked.object, writeback);
  const bothKnow = shown.manager !== undefined && read.manager !== undefined;
  return shown.hash !== read.hash || (bothKnow && shown.manager !== read.manager);
}

/**
 * What tells two reads of an object apart: what it would look like in AD, whatever its memberships say of its scope, and the
 * manager by id. What only one of the two read (photos never come with pages) cannot be compared.
 */
export function shownAs<T extends CloudObject>(
  rules: KindRules<T>,
  object: T,
  settings: Settings,
): Extract<Shown, { type: 'live' }> {
  const hash = desiredHash({
    scope: orPlace(() => rules.scopeOf(object, settings)),
    body: orPlace(() => rules.present(object, settings)) ?? null,
  });
  const { manager } = object;
  return manager === undefined
    ? { type: 'live', hash }
    : { type: 'live', hash, manager: manager?.id ?? null };
}

/** The answer of the owner's function, or where it failed. */
function orPlace<A>(answer: () => A): A | string {
  try {
    return answer();
  } catch (error) {
    if (error instanceof MappingError) return error.place;
    throw error;
  }
}
