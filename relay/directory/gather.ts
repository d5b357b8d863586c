import { WritebackError } from '../../shared/errors.ts';

type Waiting<Question, Answer> = {
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

/** A search of so many questions finds well under the 1,000 entries that a server gives at once. */
const mostAtOnce = 100;

/** Answers in the order of the questions. */
type AskAll<Question, Answer> = (questions: readonly Question[]) => Promise<readonly Answer[]>;

/**
 * Questions that many lanes ask one by one, as few searches: what is asked while a search is under way waits for its end and is then
 * asked together. A question that comes alone waits for nobody, and every search begins after the questions that it answers, so an
 * answer is as fresh as one of its own.
 *
 *   lane 1   ann? ── search (ann) ──────────▶
 *   lane 2      ben? ·························  search (ben, cem) ──▶
 *   lane 3            cem? ···················
 *
 * What a search fails with is the answer to all of its questions where the world has to heal first. Anything else may be about one of
 * them (more accounts with its mark than a search may find): then each is asked alone, so that only that one fails.
 */
export function gather<Question, Answer>(
  askAll: AskAll<Question, Answer>,
): (question: Question) => Promise<Answer> {
  const waiting: Waiting<Question, Answer>[] = [];
  let isAsking = false;
  const askWaiting = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    while (waiting.length > 0) await settle(waiting.splice(0, mostAtOnce), askAll);
    isAsking = false;
  };
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      void askWaiting();
    });
}

/** Never rejects: whoever asked is told. */
async function settle<Question, Answer>(
  asked: readonly Waiting<Question, Answer>[],
  askAll: AskAll<Question, Answer>,
): Promise<void> {
  try {
    const answers = await askAll(asked.map(({ question }) => question));
    for (const [at, { resolve }] of asked.entries()) resolve(answers[at] as Answer);
  } catch (error) {
    if (asked.length === 1 || !isAboutOne(error)) for (const { reject } of asked) reject(error);
    else for (const one of asked) await settle([one], askAll);
  }
}

const isAboutOne = (error: unknown): boolean => {
  const { disposition } = WritebackError.from(error);
  return disposition === 'reject' || disposition === 'defect';
};
