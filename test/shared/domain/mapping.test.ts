import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../../shared/domain/clean-text.ts';
import { desiredGroup } from '../../../shared/domain/desired-group.ts';
import { desiredHash } from '../../../shared/domain/desired-hash.ts';
import { desiredUser } from '../../../shared/domain/desired-user.ts';
import { type ObjectId, objectIdFrom } from '../../../shared/domain/object-id.ts';
import { groupScope, userScope } from '../../../shared/domain/scope.ts';
import { cloudGroup, cloudUser } from '../../fakes/cloud-objects.ts';

const id = objectIdFrom('01234567-89ab-cdef-0123-456789abcdef') as ObjectId;

describe('desiredUser', () => {
  test('writes every attribute of docs/expected-state.md under its LDAP name', () => {
    const user = cloudUser(id, {
      userPrincipalName: 'ann@contoso.example',
      displayName: 'Ann Example',
      givenName: 'Ann',
      surname: 'Example',
      jobTitle: 'Engineer',
      department: 'R&D',
      companyName: 'Contoso',
      employeeId: '4711',
      officeLocation: '2.14',
      streetAddress: 'Main Street 1',
      city: 'Bern',
      state: 'BE',
      postalCode: '3000',
      country: 'Switzerland',
      preferredLanguage: 'de-CH',
      businessPhones: ['+41 1', '+41 2'],
      mobilePhone: '+41 3',
      mail: 'ann@contoso.example',
    });
    expect(desiredUser(user)).toEqual({
      names: {
        cn: ['Ann Example_456789abcdef'],
        sAMAccountName: ['u-0123456789abcdef01'],
        userPrincipalName: ['ann@contoso.example'],
      },
      attributes: {
        displayName: 'Ann Example',
        givenName: 'Ann',
        sn: 'Example',
        title: 'Engineer',
        department: 'R&D',
        company: 'Contoso',
        employeeID: '4711',
        physicalDeliveryOfficeName: '2.14',
        streetAddress: 'Main Street 1',
        l: 'Bern',
        st: 'BE',
        postalCode: '3000',
        co: 'Switzerland',
        preferredLanguage: 'de-CH',
        telephoneNumber: '+41 1',
        mobile: '+41 3',
        mail: 'ann@contoso.example',
      },
      enabled: true,
    });
  });

  test('clears what is empty, null or blank; null accountEnabled is disabled', () => {
    const desired = desiredUser(cloudUser(id, { displayName: null, department: '  ', accountEnabled: null }));
    expect(desired?.attributes).toMatchObject({ displayName: null, department: null, telephoneNumber: null });
    expect(desired?.names.cn).toEqual(['_456789abcdef']);
    expect(desired?.enabled).toBe(false);
  });

  test('cuts what AD does not take', () => {
    const long = 'x'.repeat(2_000);
    const desired = desiredUser(
      cloudUser(id, {
        displayName: long,
        employeeId: long,
        streetAddress: long,
        postalCode: long,
        jobTitle: long,
      }),
    );
    const lengths = Object.fromEntries(
      Object.entries(desired?.attributes ?? {}).map(([name, value]) => [name, value?.length]),
    );
    expect(lengths).toMatchObject({
      displayName: 256,
      employeeID: 16,
      streetAddress: 1_024,
      postalCode: 40,
      title: 128,
    });
    expect(desired?.names.cn[0]).toHaveLength(64);
  });

  test('is undefined where there is no userPrincipalName', () => {
    expect(desiredUser(cloudUser(id, { userPrincipalName: '' }))).toBeUndefined();
  });
});

test('desiredGroup: security groups, Microsoft 365 groups, and the description cut at 448', () => {
  const group = cloudGroup(id, {
    displayName: ' Staff\u0007 ',
    description: 'd'.repeat(500),
    mail: 's@c.example',
  });
  expect(desiredGroup(group)).toEqual({
    names: { cn: ['Staff_456789abcdef'], sAMAccountName: ['g-0123456789abcdef01'] },
    attributes: { displayName: 'Staff', mail: 's@c.example', description: 'd'.repeat(448) },
    security: true,
  });
  expect(desiredGroup({ ...group, groupTypes: ['Unified'], mailEnabled: true }).security).toBe(false);
});

describe('scope', () => {
  test.each([
    [{ onPremisesSyncEnabled: null, userType: 'Member' }, 'inside'],
    [{ onPremisesSyncEnabled: false, userType: null }, 'inside'],
    [{ onPremisesSyncEnabled: null, userType: 'Guest' }, 'outside'],
    [{ onPremisesSyncEnabled: true, userType: 'Member' }, 'synced'],
  ])('of the user %j is %s', (user, scope) => {
    expect(userScope(user)).toBe(scope);
  });

  test.each([
    [{ onPremisesSyncEnabled: null, groupTypes: [], mailEnabled: false }, 'inside'],
    [{ onPremisesSyncEnabled: null, groupTypes: ['DynamicMembership'], mailEnabled: false }, 'inside'],
    [{ onPremisesSyncEnabled: null, groupTypes: ['Unified'], mailEnabled: true }, 'inside'],
    [{ onPremisesSyncEnabled: null, groupTypes: [], mailEnabled: true }, 'outside'],
    [{ onPremisesSyncEnabled: true, groupTypes: [], mailEnabled: false }, 'synced'],
  ])('of the group %j is %s', (group, scope) => {
    expect(groupScope(group)).toBe(scope);
  });
});

describe('cleanText', () => {
  test.each([
    ['a\tb\u0000c\u0085', 100, 'a b c'],
    ['  padded  ', 100, 'padded'],
    ['ab cd', 3, 'ab'],
    ['a😀b', 2, 'a'],
    ['a😀b', 3, 'a😀'],
    ['\ud83d lonely \ude00', 100, 'lonely'],
  ])('%j cut at %i is %j', (text, max, clean) => {
    expect(cleanText(text, max)).toBe(clean);
  });

  test('whatever comes in: short enough, trimmed, well formed, without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const clean = cleanText(text, max);
        expect(clean.length).toBeLessThanOrEqual(max);
        expect(clean.trim()).toBe(clean);
        expect(clean.isWellFormed()).toBe(true);
        expect(/\p{Cc}/u.test(clean)).toBe(false);
      }),
    );
  });
});

test('desiredHash depends on values, not on the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.option(fc.string())), (values) => {
      const turned = Object.fromEntries(Object.entries(values).reverse());
      expect(desiredHash(turned)).toBe(desiredHash(values));
      expect(desiredHash({ ...values, other: 1 })).not.toBe(desiredHash(values));
    }),
  );
});
