import { idOf } from '../build-command.ts';

/** The user that these tests are about, and the mark of its entry. */
export const anna = idOf('Anna');
export const mark = `User_${anna}`;
