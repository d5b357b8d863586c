import { openFake } from '../contract/tables/opened.ts';
import { describeState } from '../contract/tables/state-contract.ts';

describeState('the fake', openFake);
