import { afterAll, beforeAll, describe } from 'vitest';
import { describeAttributes } from './attributes.ts';
import { describeDeleted } from './deleted.ts';
import { describeHolders } from './holders.ts';
import { describeLookups } from './lookups.ts';
import { describeMembers } from './members.ts';
import { describePlaces } from './places.ts';
import type { Subject } from './subject.ts';
import { describeWrites } from './writes.ts';

/** The contract of the port `Directory`; each directory that stands behind it runs the whole. */
export function directoryContract(name: string, open: () => Promise<Subject>): void {
  describe(`the directory: ${name}`, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject.close());
    describeLookups(() => subject);
    describeHolders(() => subject);
    describeWrites(() => subject);
    describeMembers(() => subject);
    describePlaces(() => subject);
    describeAttributes(() => subject);
    describeDeleted(() => subject);
  });
}
