import type { Company } from '../company/company.ts';
import { castFrom } from './cast.ts';
import * as employees from './employees.ts';
import { hire, hireNewcomers } from './joiners.ts';
import type { Stage } from './stage.ts';
import * as teams from './teams.ts';

/**
 * The played story: what happens to a company's directory in a busy quarter of a minute. Leaving comes long before returning and
 * purging, and founding before growing, as in life; in between everybody else keeps changing things.
 */
export async function play(stage: Stage, company: Company, round = 0): Promise<void> {
  const cast = castFrom(company, stage.chance);
  const { domain } = company;
  const [returning, purged] = [cast.leavers.slice(0, 3), cast.leavers.slice(3, 5)];
  await employees.leave(stage, cast.leavers);
  await hireNewcomers(stage, domain, round);
  const founded = await teams.found(stage, round);
  await employees.move(stage, cast);
  await stage.burst(() => teams.grow(stage, cast, founded));
  await employees.rename(stage, cast, round);
  await hireIntoGroup(stage, founded.lions, { domain, round });
  await teams.nest(stage, cast, founded);
  await employees.suspend(stage, cast);
  await employees.changeOutsiders(stage, cast, round);
  await employees.comeBack(stage, returning);
  await teams.shrink(stage, cast, founded);
  await employees.clear(stage, cast);
  await teams.dissolve(stage, founded);
  await teams.relabel(stage, cast, round);
  await employees.purge(stage, purged);
  await teams.reviveTigers(stage, founded);
  await employees.purge(stage, [{ id: founded.fleeting, displayName: 'group Fleeting idea' }]);
}

/** Created and added in the same breath: AD learns of the membership before it has the entry. */
async function hireIntoGroup(
  stage: Stage,
  group: string,
  where: { domain: string; round: number },
): Promise<void> {
  await stage.burst(async () => {
    for (const [given, family] of [
      ['Ida', 'Ünal'],
      ['Bo', 'Öberg'],
      ['Oxána', 'Ćwik'],
    ] as const) {
      const alias = `${given}.${family}`
        .normalize('NFD')
        .replaceAll(/[^a-zA-Z.]/g, '')
        .toLowerCase();
      const id = await hire(stage, { given, family, alias, jobTitle: 'Trainee' }, where);
      await stage.addMembers(`${given} ${family} joins Löwe at once`, group, { ids: [id], entering: 1 });
    }
  });
}
