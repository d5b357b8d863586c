import codes from 'i18n-iso-countries/codes.json' with { type: 'json' };
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };
import { cleanText } from '../clean-text.ts';

/** A country of ISO 3166: its English name, its two letters, its number without leading zeros. */
export type Country = { name: string; alpha2: string; number: string };

let countries: Map<string, Country> | undefined;

/** The country that a text names: two or three letters, or an English name, whatever the case; undefined for any other text. */
export function countryOf(text: string | null | undefined): Country | undefined {
  countries ??= table();
  return countries.get(cleanText(text).toLowerCase());
}

/** By every text that names one. A name that two share (Congo) is the first's, a code is never a name's. */
function table(): Map<string, Country> {
  const found = new Map<string, Country>();
  const all = codes.map(([alpha2 = '', alpha3 = '', number = '']) => {
    const named: string | readonly string[] =
      (english.countries as Record<string, string | string[]>)[alpha2] ?? [];
    const names = typeof named === 'string' ? [named] : named;
    return { names, alpha3, country: { name: names[0] ?? alpha2, alpha2, number: String(Number(number)) } };
  });
  for (const { alpha3, country } of all) {
    found.set(country.alpha2.toLowerCase(), country).set(alpha3.toLowerCase(), country);
  }
  for (const { names, country } of all) {
    for (const name of names) if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), country);
  }
  return found;
}
