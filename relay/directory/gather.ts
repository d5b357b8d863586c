import { WritebackError } from '../../shared/errors.ts';

type Waiting<Question, Answer> = {
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

/** Answers in the order of the questions, one each. */
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
 * Where a search fails because the world has to heal first, whoever waits is told as well: trying the same again for each of them would
 * hold everybody up. Any other failure may be about one question (more accounts with its mark than a search may find): then each is
 * asked alone, so that only that one fails.
 */
export function gather<Question, Answer>(
  askAll: AskAll<Question, Answer>,
  mostAtOnce: number,
): (question: Question) => Promise<Answer> {
  const waiting: Waiting<Question, Answer>[] = [];
  let isAsking = false;
  const askWaiting = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    while (waiting.length > 0) {
      const failure = await askTogether(waiting.splice(0, mostAtOnce), askAll);
      if (failure !== undefined) rejectAll(waiting.splice(0), failure);
    }
    isAsking = false;
  };
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      void askWaiting();
    });
}

/** Tells everybody who asked. Answers, and never throws, a failure that concerns whoever waits, too. */
async function askTogether<Question, Answer>(
  asked: readonly Waiting<Question, Answer>[],
  askAll: AskAll<Question, Answer>,
): Promise<WritebackError | undefined> {
  try {
    const answers = await askAll(asked.map(({ question }) => question));
    for (const [at, { resolve }] of asked.entries()) resolve(answers[at] as Answer);
    return undefined;
  } catch (thrown) {
    const error = WritebackError.from(thrown);
    if (isAboutOne(error) && asked.length > 1) return askEach(asked, askAll);
    rejectAll(asked, error);
    return isAboutOne(error) ? undefined : error;
  }
}

async function askEach<Question, Answer>(
  asked: readonly Waiting<Question, Answer>[],
  askAll: AskAll<Question, Answer>,
): Promise<WritebackError | undefined> {
  for (const [at, one] of asked.entries()) {
    const failure = await askTogether([one], askAll);
    if (failure === undefined) continue;
    rejectAll(asked.slice(at + 1), failure);
    return failure;
  }
  return undefined;
}

function rejectAll(asked: readonly Pick<Waiting<unknown, unknown>, 'reject'>[], error: WritebackError): void {
  for (const { reject } of asked) reject(error);
}

const isAboutOne = ({ disposition }: WritebackError): boolean =>
  disposition === 'reject' || disposition === 'defect';
