import { describe, expect, it } from 'vitest';
import { brokenBy } from './broken-company.ts';
import { ada, bob, destination, syncedDn } from './company-in-ad.ts';

describe('compare', () => {
  it.each([
    ['a changed attribute', 'attribute: title', 'title', 'Boss'],
    ['an attribute that should be there', 'attribute: telephoneNumber', 'telephoneNumber'],
    ['an attribute that the cloud has cleared', 'attribute: department', 'department', 'IT'],
    ['one of several values', 'attribute: otherTelephone', 'otherTelephone', '+44 2'],
    ['a value too many', 'attribute: otherMailbox', 'otherMailbox', 'ada@home.example', 'ADA@home.example'],
    ['another division', 'attribute: division', 'division', 'Looms'],
    ['no employee type', 'attribute: employeeType', 'employeeType'],
    ['no fax', 'attribute: facsimileTelephoneNumber', 'facsimileTelephoneNumber'],
    ['the country as it was spelled', 'attribute: co', 'co', 'united kingdom'],
    ['another country', 'attribute: c', 'c', 'UA'],
    ['the number of another country', 'attribute: countryCode', 'countryCode', '804'],
    ['an extension attribute', 'attribute: extensionAttribute1', 'extensionAttribute1', 'red'],
    ['one that should be empty', 'attribute: extensionAttribute15', 'extensionAttribute15', 'x'],
    ['a delegation', 'attribute: servicePrincipalName', 'servicePrincipalName', 'HTTP/x'],
    ['a wrong sign-in name', 'name: userPrincipalName', 'userPrincipalName', 'other@contoso.example'],
    ['no sign-in name', 'name: userPrincipalName', 'userPrincipalName'],
    ['a wrong account name', 'name: sAMAccountName', 'sAMAccountName', 'ada'],
    ['a wrong cn', 'name: cn', 'cn', 'Ada_aaaaaaaaaaaa'],
    ['a disabled account', 'account-control: should be enabled', 'userAccountControl', '514'],
    ['an account-control bit', 'account-control: should be enabled', 'userAccountControl', '544'],
    ['a missing password', 'account-control: no password was ever set', 'pwdLastSet', '0'],
    ['no manager', 'manager: has no manager', 'manager'],
    ['another manager', 'manager: has another manager', 'manager', `CN=Bob_bbbbbbbbbbbb,${destination}`],
    ['a missing mark', 'mark: adminDescription', 'adminDescription'],
    [
      'a forged second mark',
      'mark: msDS-ExternalDirectoryObjectId',
      'msDS-ExternalDirectoryObjectId',
      `User_${bob}`,
    ],
  ])('reports %s of a user, and nothing else', (_, difference, name, ...values) => {
    expect(brokenBy(({ set }) => set('Ada', name, ...values))).toEqual([difference]);
  });

  it('takes what an administrator may have set on an account for what it is', () => {
    expect(brokenBy(({ set }) => set('Ada', 'userAccountControl', '66048'))).toEqual([]);
  });

  it.each([
    'displayName',
    'givenName',
    'sn',
    'department',
    'company',
    'employeeID',
    'mobile',
    'mail',
    'l',
    'st',
    'postalCode',
    'streetAddress',
    'physicalDeliveryOfficeName',
    'preferredLanguage',
    'co',
    'c',
  ])('compares %s of every user', (name) => {
    expect(brokenBy(({ set }) => set('Müller_f', name, 'x'))).toEqual([`attribute: ${name}`]);
  });

  it('knows a manager only where AD has one, in scope', () => {
    const guestsEntry = brokenBy(({ set }) => set('Müller_f', 'manager', syncedDn));
    expect(guestsEntry).toEqual(['manager: should have no manager']);
    const afterLeaving = brokenBy(({ tenant }) => void tenant.managers.delete(bob));
    expect(afterLeaving).toEqual(['manager: should have no manager']);
  });

  it('wants an account disabled that an administrator has disabled', () => {
    const wanting = (control: string) =>
      brokenBy(({ set, baseline }) => {
        baseline.disabledOnPremises = [ada];
        set('Ada', 'userAccountControl', control);
      });
    expect(wanting('514')).toEqual([]);
    expect(wanting('512')).toEqual(['account-control: should be disabled']);
  });
});
