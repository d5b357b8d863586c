import { expect, it } from 'vitest';
import { countryOf } from '../../../../shared/domain/attributes/country.ts';

const germany = { name: 'Germany', alpha2: 'DE', number: '276' };
const australia = { name: 'Australia', alpha2: 'AU', number: '36' };

it.each([
  ['Germany', germany],
  ['germany', germany],
  [' DE ', germany],
  ['de', germany],
  ['DEU', germany],
  ['AUS', australia],
  ['australia', australia],
  ['UK', { name: 'United Kingdom', alpha2: 'GB', number: '826' }],
  ['Great Britain', { name: 'United Kingdom', alpha2: 'GB', number: '826' }],
  ['usa', { name: 'United States of America', alpha2: 'US', number: '840' }],
  ['United States', { name: 'United States of America', alpha2: 'US', number: '840' }],
  ['Czechia', { name: 'Czech Republic', alpha2: 'CZ', number: '203' }],
  ["Côte d'Ivoire", { name: "Cote d'Ivoire", alpha2: 'CI', number: '384' }],
])('[users.attributes.address] %j', (text, country) => {
  expect(countryOf(text)).toEqual(country);
});

it.each(['Deutschland', 'Atlantis', 'XX', '', '   ', null, undefined, '276', 'constructor', '__proto__'])(
  '[users.attributes.address] %j is no country',
  (text) => {
    expect(countryOf(text)).toBeUndefined();
  },
);
