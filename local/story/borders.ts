import type { Person } from '../company/people.ts';
import type { Cast } from './cast.ts';
import type { Effect } from './change.ts';
import type { Stage } from './stage.ts';

/** People leave the scope as guests, and some return; guests become members, and one a guest again. */
export async function crossBorders(stage: Stage, { becomingGuests, guests }: Cast): Promise<void> {
  for (const person of becomingGuests) await become(stage, person, 'Guest', suspended(person));
  const entering = guests.slice(3, 6);
  for (const guest of entering) await become(stage, guest, 'Member', created(guest));
  for (const person of becomingGuests.slice(0, 2)) await become(stage, person, 'Member', enabled(person));
  for (const guest of entering.slice(0, 1)) await become(stage, guest, 'Guest', suspended(guest));
}

const suspended = ({ id }: Person): Effect => ({ type: 'entry', id, outcome: 'suspended' });
const created = ({ id }: Person): Effect => ({ type: 'entry', id, outcome: 'created' });
const enabled = ({ id }: Person): Effect => ({ type: 'attribute', id, name: 'userAccountControl' });

function become(stage: Stage, person: Person, userType: Person['userType'], effect: Effect): Promise<void> {
  const { id, displayName } = person;
  const what = `${displayName} becomes a ${userType.toLowerCase()}`;
  return stage.write({ what, target: id, effect, method: 'PATCH', path: `/users/${id}`, body: { userType } });
}
