import countries from 'i18n-iso-countries';

/** What AD says of a country: its name, its two letters (none where nobody knows the country) and its number. */
export type ExpectedCountry = { co: string | undefined; c: string | undefined; countryCode: string };

/** docs/expected-state.md: ISO 3166 by code or English name; any other text stays a text. */
export function expectedCountry(text: string | undefined): ExpectedCountry {
  if (text === undefined) return { co: undefined, c: undefined, countryCode: '0' };
  const code = codeOf(text);
  if (code === undefined) return { co: text, c: undefined, countryCode: '0' };
  const number = String(Number(countries.alpha2ToNumeric(code)));
  return { co: countries.getName(code, 'en'), c: code, countryCode: number };
}

function codeOf(text: string): string | undefined {
  const code = text.toUpperCase();
  if (/^[A-Z]{2,3}$/.test(code) && countries.isValid(code)) return countries.toAlpha2(code);
  return countries.getAlpha2Code(text, 'en');
}
