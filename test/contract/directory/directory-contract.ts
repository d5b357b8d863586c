import { afterAll, beforeAll, describe } from 'vitest';
import { describeLookups } from './lookups.ts';
import { describeMembers } from './members.ts';
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
    describeWrites(() => subject);
    describeMembers(() => subject);
  });
}
