import { directoryContract } from './directory-contract.ts';
import { openDomainSubject } from './domain-subject.ts';

directoryContract(process.env['CONTRACT_DIRECTORY_URL'] ?? 'Samba', openDomainSubject);
