import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineConfig, type UsersConfig } from '../../../../shared/configuration/define-config.ts';
import { settingsFrom } from '../../../../shared/configuration/settings-from.ts';
import type { CloudUser } from '../../../../shared/domain/cloud-object.ts';
import { desiredUser } from '../../../../shared/domain/desired-user.ts';
import { cloudUser, idOf } from '../../../fakes/cloud-objects.ts';

function mapped(attributes: NonNullable<UsersConfig['attributes']>, values: Partial<CloudUser> = {}) {
  const { users } = settingsFrom(defineConfig({ users: { attributes } }));
  const desired = users === false ? undefined : desiredUser(cloudUser(idOf('user', 1), values), users);
  if (desired === undefined) throw new Error('nothing is written');
  return { attributes: desired.attributes, initial: desired.initial };
}

/** Upper bounds of the schema, copied from ad-ldap.md A.7. */
const bounds: Record<string, number> = {
  displayName: 256,
  givenName: 64,
  sn: 64,
  middleName: 64,
  generationQualifier: 64,
  personalTitle: 64,
  initials: 6,
  title: 128,
  department: 64,
  company: 64,
  division: 256,
  physicalDeliveryOfficeName: 128,
  streetAddress: 1024,
  l: 128,
  st: 128,
  postalCode: 40,
  postOfficeBox: 40,
  co: 128,
  c: 3,
  telephoneNumber: 64,
  otherTelephone: 64,
  otherMobile: 64,
  otherHomePhone: 64,
  mobile: 64,
  homePhone: 64,
  pager: 64,
  facsimileTelephoneNumber: 64,
  ipPhone: 64,
  mail: 256,
  proxyAddresses: 1123,
  employeeID: 16,
  employeeNumber: 512,
  employeeType: 256,
  info: 1024,
  description: 1024,
  wWWHomePage: 2048,
  adminDisplayName: 256,
  extensionName: 255,
  extensionAttribute1: 1024,
  extensionAttribute15: 1024,
};

describe('[users.attributes.limits]', () => {
  it.each(Object.entries(bounds))('%s has at most %i characters, also by an owner’s rule', (name, max) => {
    const { attributes } = mapped({ [name]: () => 'ä'.repeat(3_000) });
    expect(attributes[name]).toBe('ä'.repeat(max));
  });

  it('an attribute that nobody knows has at most 1,024 characters a value', () => {
    const { attributes } = mapped({ 'acme-Badges': () => ['x'.repeat(3_000), 'y'.repeat(1_024)] });
    expect(attributes['acme-Badges']).toEqual(['x'.repeat(1_024), 'y'.repeat(1_024)]);
  });

  it('a pair is never split, and a cut leaves no space at the end', () => {
    const { attributes } = mapped({ initials: () => 'abcde😀', employeeID: () => `${'x'.repeat(15)} y` });
    expect(attributes).toMatchObject({ initials: 'abcde', employeeID: 'x'.repeat(15) });
  });

  it('every text of a user ends within its bound, well formed and trimmed', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 5 }), (one, list) => {
        const { attributes } = mapped(
          {},
          { displayName: one, givenName: one, postalCode: one, businessPhones: list, otherMails: list },
        );
        for (const [name, value] of Object.entries(attributes)) {
          for (const written of [value ?? []].flat()) {
            expect(written.length).toBeLessThanOrEqual(bounds[name] ?? 400);
            expect(written).toBe(written.trim());
            expect(written).not.toBe('');
            expect(written.isWellFormed()).toBe(true);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('[users.attributes.phones]', () => {
  it('blank numbers are skipped, repetitions said once', () => {
    const phones = (businessPhones: string[]) => {
      const { telephoneNumber, otherTelephone } = mapped({}, { businessPhones }).attributes;
      return { telephoneNumber, otherTelephone };
    };
    expect(phones([' ', '+41 1', '', '+41 2'])).toEqual({
      telephoneNumber: '+41 1',
      otherTelephone: '+41 2',
    });
    expect(phones(['+41 1'])).toEqual({ telephoneNumber: '+41 1', otherTelephone: null });
    expect(phones(['1', '2 ext', '2 EXT', '3'])).toEqual({
      telephoneNumber: '1',
      otherTelephone: ['2 ext', '3'],
    });
  });
});

describe('[users.attributes.address]', () => {
  const country = (text: string | null) => {
    const { co, c, countryCode } = mapped({}, { country: text }).attributes;
    return { co, c, countryCode };
  };
  it('a country of ISO 3166 gives all three, any other text its text', () => {
    expect(country('CH')).toEqual({ co: 'Switzerland', c: 'CH', countryCode: '756' });
    expect(country('afghanistan')).toEqual({ co: 'Afghanistan', c: 'AF', countryCode: '4' });
    expect(country('Schweiz')).toEqual({ co: 'Schweiz', c: null, countryCode: '0' });
    expect(country(' ')).toEqual({ co: null, c: null, countryCode: '0' });
  });

  it('stays consistent where an empty country is kept', () => {
    const kept = { co: { empty: 'keep' }, c: { empty: 'keep' }, countryCode: { empty: 'keep' } } as const;
    const { attributes: none } = mapped(kept, { country: null });
    expect(Object.keys(none).filter((name) => /^(co|c|countryCode)$/.test(name))).toEqual([]);
    expect(mapped(kept, { country: 'Schweiz' }).attributes).toMatchObject({
      co: 'Schweiz',
      c: null,
      countryCode: '0',
    });
  });
});

describe('an owner’s rules', () => {
  it('[users.attributes.when] at creation only: in the first values, and never again', () => {
    const { attributes, initial } = mapped(
      {
        info: { from: () => 'welcome', when: 'creation' },
        title: { when: 'creation' },
        l: { when: 'creation' },
      },
      { jobTitle: 'Engineer', city: null },
    );
    expect(initial).toEqual({ info: 'welcome', title: 'Engineer' });
    for (const name of ['info', 'title', 'l']) expect(attributes).not.toHaveProperty(name);
  });

  it('[users.attributes.empty] an empty source clears, or keeps what AD has', () => {
    const { attributes } = mapped({ title: { empty: 'keep' }, st: { empty: 'clear' } });
    expect(attributes).not.toHaveProperty('title');
    expect(attributes).toMatchObject({ st: null, department: null });
  });

  it('[users.not-ours] what the mapping does not name is not written', () => {
    const { attributes } = mapped({ title: false }, { jobTitle: 'Engineer' });
    expect(attributes).not.toHaveProperty('title');
    expect(Object.keys(attributes)).not.toContain('mailNickname');
    expect(Object.keys(attributes).some((name) => name.startsWith('msExch'))).toBe(false);
  });

  it('several values for a single-valued attribute: the first; twins of proxyAddresses: the primary', () => {
    const { attributes } = mapped({
      title: () => ['', 'first', 'second'],
      proxyAddresses: () => ['smtp:a@b.example', 'smtp:x@b.example', 'SMTP:A@b.example'],
      'acme-Badges': () => ['red', 'blue'],
    });
    expect(attributes).toMatchObject({
      title: 'first',
      proxyAddresses: ['SMTP:A@b.example', 'smtp:x@b.example'],
      'acme-Badges': ['red', 'blue'],
    });
  });

  it('[config.throws] names the attribute and the class of the error, never a value', () => {
    const throwing = () => {
      throw new TypeError('secret');
    };
    expect(() => mapped({ division: throwing })).toThrow(/^users\.attributes\.division threw TypeError$/);
    const wrong = (() => 7) as unknown as () => string;
    expect(() => mapped({ info: wrong })).toThrow('users.attributes.info gave number, not text');
  });
});
