import { type ObjectId, objectIdFrom } from '../domain/object-id.ts';
import { didYouMean } from './did-you-mean.ts';

/** What is wrong so far, and the checks that every option needs. A check says what is wrong and goes on with the default. */
export type Findings = ReturnType<typeof createFindings>;

export function createFindings() {
  const problems: string[] = [];
  const say = (path: string, sentence: string): void => {
    problems.push(`${path} ${sentence}`);
  };

  /** The value as a record with these keys only; anything else is said and counts as empty. */
  function record(path: string, value: unknown, keys?: readonly string[]): Record<string, unknown> {
    if (value === undefined) return {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      say(path, `must be a record of options, not ${kindOf(value)}`);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (keys !== undefined && !keys.includes(key)) {
        say(path === '' ? key : `${path}.${key}`, `is not an option${didYouMean(key, keys)}`);
      }
    }
    return value as Record<string, unknown>;
  }

  function flag(path: string, value: unknown, fallback: boolean): boolean {
    if (value === undefined || typeof value === 'boolean') return value ?? fallback;
    say(path, `must be true or false, not ${kindOf(value)}`);
    return fallback;
  }

  function choice<C extends string>(path: string, value: unknown, choices: readonly C[], fallback: C): C {
    const chosen = choices.find((one) => one === value);
    if (chosen !== undefined || value === undefined) return chosen ?? fallback;
    const hint = typeof value === 'string' ? didYouMean(value, choices) : '';
    say(path, `must be ${choices.map((one) => `'${one}'`).join(' or ')}${hint}`);
    return fallback;
  }

  /** A function as the types describe it (its answers are checked when it is asked), or the default. */
  function rule<F>(path: string, value: unknown, fallback: F): F {
    if (value === undefined) return fallback;
    if (typeof value === 'function') return value as F;
    say(path, `must be a function, not ${kindOf(value)}`);
    return fallback;
  }

  function ids(path: string, value: unknown): ObjectId[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      say(path, `must be a list of object ids, not ${kindOf(value)}`);
      return [];
    }
    return (value as unknown[]).flatMap((one, n) => {
      const id = typeof one === 'string' ? objectIdFrom(one) : undefined;
      if (id === undefined) say(`${path}[${n}]`, 'must be an object id (a GUID, as Entra shows it)');
      return id ?? [];
    });
  }

  return { problems, say, record, flag, choice, rule, ids };
}

/** What a value is, in words; the value itself is not repeated. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value === '') return 'an empty text';
  return (
    {
      string: 'text',
      number: 'a number',
      boolean: 'true or false',
      object: 'a record',
      function: 'a function',
    }[typeof value as string] ?? typeof value
  );
}
