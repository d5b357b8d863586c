import { describeState } from '../contract/tables/state-contract.ts';
import { fakeState } from '../fakes/state.ts';

describeState('the fake', async () => ({ state: fakeState() }));
