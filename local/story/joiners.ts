import { companyName } from '../company/organisation.ts';
import type { Stage } from './stage.ts';

type Newcomer = { given: string; family: string; alias: string; jobTitle: string | null };

const newcomers: readonly Newcomer[] = [
  { given: 'Aoife', family: 'Ní Bhriain', alias: 'aoife.nibhriain', jobTitle: 'Scientist' },
  { given: 'Ξένια', family: 'Καλογεροπούλου', alias: 'xenia.kalogeropoulou', jobTitle: 'Editor' },
  { given: '明', family: '周', alias: 'ming.zhou', jobTitle: null },
  { given: 'Zoë', family: 'van den Berg', alias: 'zoe.vandenberg', jobTitle: 'Controller' },
  { given: 'Ґалина', family: 'Їжакевич', alias: 'galyna.yizhakevych', jobTitle: 'Auditor' },
  { given: 'يارا', family: 'الخطيب', alias: 'yara.alkhatib', jobTitle: 'Trainer' },
  { given: 'Þórdís', family: 'Æsgeirsdóttir', alias: 'thordis.aesgeirsdottir', jobTitle: 'Recruiter' },
  { given: 'José', family: "d'Ávila + Filhos", alias: 'jose.davila', jobTitle: 'Bid writer' },
];

/** People join; the answer is their ids. Account names of a repeated story stay free by the `round`. */
export async function hireNewcomers(stage: Stage, domain: string, round: number): Promise<string[]> {
  const ids: string[] = [];
  for (const newcomer of newcomers) ids.push(await hire(stage, newcomer, { domain, round }));
  return ids;
}

/** One more, who goes into a group in the same second: the entry comes first, the membership by completion. */
export function hire(
  stage: Stage,
  person: Newcomer,
  where: { domain: string; round: number },
): Promise<string> {
  const alias = where.round === 0 ? person.alias : `${person.alias}.${where.round}`;
  const displayName = `${person.given} ${person.family}`;
  return stage.create(`${displayName} joins`, '/users', {
    accountEnabled: true,
    displayName,
    givenName: person.given,
    surname: person.family,
    mailNickname: alias,
    userPrincipalName: `${alias}@${where.domain}`,
    mail: `${alias}@${where.domain}`,
    jobTitle: person.jobTitle,
    companyName,
    department: 'Research',
    passwordProfile: { password: 'Only-the-cloud-knows-this-1', forceChangePasswordNextSignIn: true },
  });
}
