import { WritebackError } from '../../shared/errors.ts';

/**
 * Does what a command asks of an entry. Where that cannot be done to its end and the object is parked, until a person has seen to it,
 * `least` is what must not wait for that, and is done before the error goes on. Not where the command is only held back.
 */
export async function orAtLeast<T>(act: () => Promise<T>, least: () => Promise<void>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    const error = WritebackError.from(thrown);
    if (error.disposition !== 'retry' && error.disposition !== 'halt') await least();
    throw error;
  }
}
