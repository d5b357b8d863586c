import { directoryContract } from './directory-contract.ts';
import { openFakeSubject } from './fake-subject.ts';

directoryContract('strict fake', openFakeSubject);
