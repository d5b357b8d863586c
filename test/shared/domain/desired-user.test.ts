import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../shared/configuration/default-settings.ts';
import type { CloudUser } from '../../../shared/domain/cloud-object.ts';
import { type DesiredUser, desiredUser } from '../../../shared/domain/desired-user.ts';
import { type ObjectId, objectIdFrom } from '../../../shared/domain/object-id.ts';
import { cloudUser } from '../../fakes/cloud-objects.ts';

const id = objectIdFrom('01234567-89ab-cdef-0123-456789abcdef') as ObjectId;

/** With the defaults of docs/expected-state.md. */
function desired(values: Partial<CloudUser>): DesiredUser | undefined {
  if (defaultSettings.users === false) throw new Error('users are written by default');
  return desiredUser(cloudUser(id, values), defaultSettings.users);
}

const extensions = Array.from({ length: 15 }, (_, n) => [`extensionAttribute${n + 1}`, `value ${n + 1}`]);

describe('desiredUser with the defaults', () => {
  it('[users.attributes.all] [users.attributes.phones] [users.attributes.extension] writes every attribute of docs/expected-state.md under its LDAP name', () => {
    const user = {
      userPrincipalName: 'ann@contoso.example',
      mailNickname: 'ann',
      displayName: 'Ann Example',
      givenName: 'Ann',
      surname: 'Example',
      jobTitle: 'Engineer',
      department: 'R&D',
      companyName: 'Contoso',
      division: 'North',
      employeeId: '4711',
      employeeType: 'Contractor',
      officeLocation: '2.14',
      streetAddress: 'Main Street 1',
      city: 'Bern',
      state: 'BE',
      postalCode: '3000',
      country: 'Switzerland',
      preferredLanguage: 'de-CH',
      businessPhones: ['+41 1', '+41 2', '+41 5'],
      mobilePhone: '+41 3',
      faxNumber: '+41 4',
      mail: 'ann@contoso.example',
      otherMails: ['ann@home.example', 'a.e@home.example'],
      extensionAttributes: Object.fromEntries(extensions) as Record<string, string>,
    };
    expect(desired(user)).toEqual({
      names: {
        cn: ['Ann Example_456789abcdef'],
        sAMAccountName: [
          'ann',
          'ann2',
          'ann3',
          'ann4',
          'ann5',
          'ann6',
          'ann7',
          'ann8',
          'ann9',
          'ann-cdef',
          'u-0123456789abcdef01',
        ],
        userPrincipalName: ['ann@contoso.example'],
      },
      attributes: {
        displayName: 'Ann Example',
        givenName: 'Ann',
        sn: 'Example',
        title: 'Engineer',
        department: 'R&D',
        company: 'Contoso',
        division: 'North',
        employeeID: '4711',
        employeeType: 'Contractor',
        physicalDeliveryOfficeName: '2.14',
        streetAddress: 'Main Street 1',
        l: 'Bern',
        st: 'BE',
        postalCode: '3000',
        co: 'Switzerland',
        c: 'CH',
        countryCode: '756',
        preferredLanguage: 'de-CH',
        telephoneNumber: '+41 1',
        otherTelephone: ['+41 2', '+41 5'],
        mobile: '+41 3',
        facsimileTelephoneNumber: '+41 4',
        mail: 'ann@contoso.example',
        otherMailbox: ['ann@home.example', 'a.e@home.example'],
        ...Object.fromEntries(extensions),
      },
      initial: {},
      enabled: true,
    });
  });

  it('[users.attributes.empty] [users.account.transitions] clears what is empty, null or blank; null accountEnabled is disabled', () => {
    const user = desired({ displayName: null, department: '  ', accountEnabled: null });
    const { countryCode, ...attributes } = user?.attributes ?? {};
    expect(countryCode).toBe('0');
    expect(Object.values(attributes).every((value) => value === null)).toBe(true);
    expect(Object.keys(attributes)).toHaveLength(38);
    expect(user?.names.cn).toEqual(['_456789abcdef']);
    expect(user?.enabled).toBe(false);
  });

  it('is undefined where there is no userPrincipalName', () => {
    expect(desired({ userPrincipalName: '' })).toBeUndefined();
    expect(desired({ userPrincipalName: 'nobody' })).toBeUndefined();
  });
});
