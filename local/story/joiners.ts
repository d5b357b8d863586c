import { domains } from '../company/odd-people.ts';
import { companyName } from '../company/organisation.ts';
import type { Stage } from './stage.ts';

export type Newcomer = { given: string; family: string; alias: string; jobTitle: string | null };

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

/** Of each pair both are hired under the same name before the `@`, in the same moment: AD has one such name. */
const namesakes: readonly (readonly [written: string, latin: string, alias: string])[] = [
  ['Zoltán Müßig', 'Zoltan Muessig', 'zoltan.muessig'],
  ['Алексей Иванов', 'Aleksei Ivanov', 'aleksei.ivanov'],
  ['Νίκη Ράπτη', 'Niki Rapti', 'niki.rapti'],
  ['秦 芳', '覃 方', 'fang.qin'],
  ['ليلى منصور', 'Layla Mansour', 'layla.mansour'],
];

/** People join. */
export async function hireNewcomers(stage: Stage, domain: string): Promise<void> {
  for (const newcomer of newcomers) await hire(stage, newcomer, domain);
}

/** People with the same name join, two at once. */
export async function hireNamesakes(stage: Stage): Promise<void> {
  for (const [written, latin, alias] of namesakes)
    await stage.burst(async () => {
      await hire(stage, newcomerFrom(written, alias), domains.main);
      await hire(stage, newcomerFrom(latin, alias), domains.second);
    });
}

function newcomerFrom(name: string, alias: string): Newcomer {
  const [given = '', family = ''] = name.split(' ');
  return { given, family, alias, jobTitle: 'Trainee' };
}

/** One more; the answer is the id. */
export function hire(stage: Stage, person: Newcomer, domain: string): Promise<string> {
  const { alias } = person;
  const displayName = `${person.given} ${person.family}`;
  return stage.create(`${displayName} joins`, '/users', {
    accountEnabled: true,
    displayName,
    givenName: person.given,
    surname: person.family,
    mailNickname: alias,
    userPrincipalName: `${alias}@${domain}`,
    mail: `${alias}@${domain}`,
    jobTitle: person.jobTitle,
    companyName,
    department: 'Research',
    passwordProfile: { password: 'Only-the-cloud-knows-this-1', forceChangePasswordNextSignIn: true },
  });
}
