/**
 * A function of the owner's configuration threw, or answered what it may not. The message names the place and the class of
 * the error, never the error's own words: they may hold values of the object.
 */
export class MappingError extends Error {
  /** Where in the configuration: `users.attributes.division`. */
  readonly place: string;

  constructor(place: string, problem: string) {
    super(`${place} ${problem}`);
    this.name = 'MappingError';
    this.place = place;
  }
}

/** What an owner's function answers for an object. Throws MappingError in place of whatever it throws. */
export function ask<T, A>(place: string, rule: (object: T) => A, object: T): A {
  const answer = attempt(place, rule, object);
  if (!(answer instanceof Promise)) return answer;
  // Nobody waits for it: a rejection later on would end the process.
  answer.catch(() => undefined);
  throw new MappingError(place, 'is async: it must answer at once');
}

function attempt<T, A>(place: string, rule: (object: T) => A, object: T): A {
  try {
    return rule(object);
  } catch (error) {
    throw new MappingError(place, `threw ${error instanceof Error ? error.constructor.name : typeof error}`);
  }
}

/** As `ask`, for a function that must say yes or no. */
export function askWhether<T>(place: string, rule: (object: T) => boolean, object: T): boolean {
  const answer: unknown = ask(place, rule, object);
  if (typeof answer !== 'boolean') throw new MappingError(place, `gave ${typeof answer}, not a boolean`);
  return answer;
}

/** As `ask`, for a function that gives texts: one, a list, or nothing. */
export function askTexts<T>(place: string, rule: (object: T) => unknown, object: T): readonly string[] {
  const answer = ask(place, rule, object);
  if (answer === null || answer === undefined) return [];
  const texts: unknown[] = Array.isArray(answer) ? answer : [answer];
  return texts.map((text) => {
    if (typeof text !== 'string') throw new MappingError(place, `gave ${typeof text}, not text`);
    return text;
  });
}
