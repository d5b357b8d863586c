import type { Dn } from '../../../relay/ports.ts';
import { directoryContract } from './directory-contract.ts';
import { openFakeSubject } from './fake-subject.ts';

directoryContract('strict fake', () => openFakeSubject());

directoryContract("strict fake with tombstones only and the leavers' OU inside the destination", () =>
  openFakeSubject({ hasRecycleBin: false, leavers: 'OU=Leavers,OU=Cloud,DC=wb,DC=example' as Dn }),
);
