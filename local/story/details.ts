import type { Cast } from './cast.ts';
import type { Stage } from './stage.ts';

/** Addresses in other countries, spelled as people spell them: with ISO 3166, by its codes, and otherwise. */
const addresses = [
  { country: 'Norway', city: 'Tromsø', postalCode: '9008', shows: 'c' },
  { country: 'BR', city: 'São Paulo', postalCode: '01310-100', shows: 'c' },
  { country: 'deutsch-Südwest', city: 'Swakopmund', postalCode: '13001', shows: 'co' },
  { country: 'new zealand', city: 'Whangārei', postalCode: '0110', shows: 'c' },
  { country: 'ISL', city: 'Ísafjörður', postalCode: '400', shows: 'c' },
  { country: null, city: null, postalCode: null, shows: 'co' },
] as const;

/** People move to another country, one to none. */
export async function travel(stage: Stage, { travellers }: Cast): Promise<void> {
  for (const [at, person] of travellers.entries()) {
    const { shows, ...body } = addresses[at % addresses.length] ?? addresses[0];
    const what = `${person.displayName} moves to ${body.city ?? 'nowhere'}`;
    await stage.patch(what, `/users/${person.id}`, { body, attribute: shows });
  }
}

/** Attributes that few think of: extension attributes, further phones and addresses, how somebody is employed. */
export async function fillIn(stage: Stage, { detailed }: Cast): Promise<void> {
  for (const [at, person] of detailed.entries()) {
    const path = `/users/${person.id}` as const;
    const name = person.displayName;
    const extension = `extensionAttribute${at + 10}`;
    await stage.patch(`${name} gets ${extension}`, path, {
      ...{ body: { onPremisesExtensionAttributes: { [extension]: `Lager Ü ${at}` } }, attribute: extension },
    });
    await stage.patch(`${name} gets two more phones`, path, {
      body: { businessPhones: [`+47 22 ${at}`, `+47 23 ${at}`, `+47 24 ${at}`] },
      attribute: 'otherTelephone',
    });
    await stage.patch(`${name} has another address at home`, path, {
      body: { otherMails: [`${at}.new@home.example`, `${at}.more@home.example`] },
      attribute: 'otherMailbox',
    });
  }
  for (const [at, person] of detailed.slice(0, 3).entries()) {
    const body = {
      ...{ employeeType: `Apprentice ${at}`, employeeOrgData: { division: `Årstal ${at}` } },
      ...{ faxNumber: null, onPremisesExtensionAttributes: { [`extensionAttribute${at + 10}`]: null } },
    };
    const what = `${person.displayName} is an apprentice`;
    await stage.patch(what, `/users/${person.id}`, { body, attribute: 'employeeType' });
  }
}
