import type { Company } from '../company/company.ts';
import { crossBorders } from './borders.ts';
import { castFrom } from './cast.ts';
import * as details from './details.ts';
import * as employees from './employees.ts';
import { hire, hireNamesakes, hireNewcomers } from './joiners.ts';
import * as kinds from './kinds.ts';
import { lock, unlock } from './locking.ts';
import * as names from './names.ts';
import * as reporting from './reporting.ts';
import type { Stage } from './stage.ts';
import * as teams from './teams.ts';

/**
 * The played story: what happens to a company's directory in a busy half of a minute. Leaving comes long before returning and
 * purging, and founding before growing, as in life; in between everybody else keeps changing things.
 */
export async function play(stage: Stage, company: Company): Promise<void> {
  const cast = castFrom(company, stage.chance);
  const { domain } = company;
  const [returning, purged] = [cast.leavers.slice(0, 3), cast.leavers.slice(3, 5)];
  await employees.leave(stage, cast.leavers);
  await lock(stage, cast);
  await hireNewcomers(stage, domain);
  await hireNamesakes(stage);
  const founded = await teams.found(stage);
  await kinds.foundNamesakes(stage);
  await reporting.report(stage, cast, domain);
  await employees.move(stage, cast);
  await stage.burst(() => teams.grow(stage, cast, founded));
  await employees.rename(stage, cast);
  await hireIntoGroup(stage, founded.lions, domain);
  await names.swap(stage, cast);
  await names.passOn(stage, cast);
  await kinds.foundRarities(stage, cast);
  await teams.nest(stage, cast, founded);
  await reporting.leaveAsManager(stage, cast);
  await employees.suspend(stage, cast);
  await teams.growLargest(stage, cast);
  await employees.changeOutsiders(stage, cast);
  await names.succeed(stage, cast);
  await employees.comeBack(stage, returning);
  await unlock(stage, cast);
  await teams.shrink(stage, cast, founded);
  await details.travel(stage, cast);
  await employees.clear(stage, cast);
  await crossBorders(stage, cast);
  await teams.dissolve(stage, founded);
  await kinds.changeKinds(stage, cast);
  await details.fillIn(stage, cast);
  await teams.relabel(stage, cast);
  await reporting.comeBackAsManager(stage, cast);
  await employees.purge(stage, purged);
  await teams.reviveTigers(stage, founded);
  await employees.purge(stage, [{ id: founded.fleeting, displayName: 'group Fleeting idea' }]);
}

/** Created and added in the same breath: AD learns of the membership before it has the entry. */
async function hireIntoGroup(stage: Stage, group: string, domain: string): Promise<void> {
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
      const id = await hire(stage, { given, family, alias, jobTitle: 'Trainee' }, domain);
      await stage.addMembers(`${given} ${family} joins Löwe at once`, group, { ids: [id], entering: 1 });
    }
  });
}
