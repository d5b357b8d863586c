import { openFake } from './opened.ts';
import { describeState } from './state-contract.ts';

/** The fake that readers and recorders are tested with passes what the tables pass. */
describeState('the fake in memory', openFake);
