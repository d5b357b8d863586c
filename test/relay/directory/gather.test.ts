import { describe, expect, it } from 'vitest';
import { gather } from '../../../relay/directory/gather.ts';
import { type ErrorCode, WritebackError } from '../../../shared/errors.ts';

/** Searches that end when they are let. What each was asked is in `searches`. */
function slowSearch(failing: { question?: string; code?: ErrorCode } = {}) {
  const searches: string[][] = [];
  const ends: (() => void)[] = [];
  const ask = gather(async (questions: readonly string[]) => {
    searches.push([...questions]);
    await new Promise<void>((resolve) => ends.push(resolve));
    if (
      failing.code !== undefined &&
      (failing.question === undefined || questions.includes(failing.question))
    )
      throw new WritebackError(failing.code);
    return questions.map((question) => `${question}!`);
  }, 100);
  /** Ends the search that is under way, and lets what follows begin. */
  const end = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { searches, ask, end };
}

describe('questions that are gathered', () => {
  it('waits for nobody where it comes alone', async () => {
    const { searches, ask, end } = slowSearch();
    const answer = ask('ann');
    expect(searches).toEqual([['ann']]);
    await end();
    expect(await answer).toBe('ann!');
  });

  it('are asked together where they come while another is under way, after they came', async () => {
    const { searches, ask, end } = slowSearch();
    const answers = ['ann', 'ben', 'cem'].map((name) => ask(name));
    expect(searches).toEqual([['ann']]);
    await end();
    expect(searches).toEqual([['ann'], ['ben', 'cem']]);
    const late = ask('ben');
    await end();
    expect(searches).toEqual([['ann'], ['ben', 'cem'], ['ben']]);
    await end();
    expect(await Promise.all([...answers, late])).toEqual(['ann!', 'ben!', 'cem!', 'ben!']);
  });

  it('are so many at a time that a server answers them at once', async () => {
    const { searches, ask, end } = slowSearch();
    const answers = Array.from({ length: 251 }, (_, at) => ask(`${at}`));
    for (let round = 0; round < 4; round++) await end();
    expect(searches.map(({ length }) => length)).toEqual([1, 100, 100, 50]);
    expect(await Promise.all(answers)).toEqual(answers.map((_, at) => `${at}!`));
  });

  it.each(['directory-unavailable', 'directory-busy', 'destination-missing'] as const)(
    'fail together with %s, and whoever waits with them, without another try',
    async (code) => {
      const { searches, ask, end } = slowSearch({ code });
      const answers = Array.from({ length: 250 }, (_, at) => ask(`${at}`));
      const settled = Promise.allSettled(answers);
      for (let round = 0; round < 4; round++) await end();
      expect(searches).toEqual([['0']]);
      expect(new Set((await settled).map(({ status }) => status))).toEqual(new Set(['rejected']));
    },
  );

  it('fail where a search fails before it begins', async () => {
    const ask = gather<string, string>(() => {
      throw new WritebackError('credentials-refused');
    }, 100);
    await expect(ask('ann')).rejects.toMatchObject({ code: 'credentials-refused' });
    await expect(ask('ann')).rejects.toMatchObject({ code: 'credentials-refused' });
  });

  it('are not asked one by one any more once the directory is away', async () => {
    const failing: { question?: string; code?: ErrorCode } = { code: 'directory-refused', question: 'ben' };
    const { searches, ask, end } = slowSearch(failing);
    const settled = Promise.allSettled(['ann', 'ben', 'cem', 'dan'].map((name) => ask(name)));
    await end();
    await end();
    failing.code = 'directory-unavailable';
    for (let round = 0; round < 4; round++) await end();
    expect(searches).toEqual([['ann'], ['ben', 'cem', 'dan'], ['ben']]);
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ]);
  });

  it('are asked one by one where the directory refuses: only what cannot be answered fails', async () => {
    const { searches, ask, end } = slowSearch({ code: 'directory-refused', question: 'ben' });
    const answers = ['ann', 'ben', 'cem'].map((name) => ask(name));
    const settled = Promise.allSettled(answers);
    for (let round = 0; round < 4; round++) await end();
    expect(searches).toEqual([['ann'], ['ben', 'cem'], ['ben'], ['cem']]);
    expect(await settled).toEqual([
      { status: 'fulfilled', value: 'ann!' },
      { status: 'rejected', reason: expect.objectContaining({ code: 'directory-refused' }) as unknown },
      { status: 'fulfilled', value: 'cem!' },
    ]);
  });

  it('begin again after a failure', async () => {
    const failing: { code?: ErrorCode } = { code: 'destination-missing' };
    const { ask, end } = slowSearch(failing);
    const first = ask('ann');
    const refused = expect(first).rejects.toMatchObject({ code: 'destination-missing' });
    await end();
    await refused;
    delete failing.code;
    const second = ask('ann');
    await end();
    expect(await second).toBe('ann!');
  });
});
