/** Somebody or something that has been in AD for years, that no cloud knows, and whose name somebody in the cloud would like. */
export type Stranger = { sAMAccountName: string; userPrincipalName: string; displayName: string };

/** Accounts of people: one by its account name, one by the sign-in name that follows from it, one by the one it says. */
export const strangers: readonly Stranger[] = [
  { sAMAccountName: 'anna.weber', userPrincipalName: 'weber.a@wb.example', displayName: 'Anna Weber (2009)' },
  { sAMAccountName: 'paul.stone', userPrincipalName: 'stone.p@wb.example', displayName: 'Paul Stone (2011)' },
  {
    sAMAccountName: 'gfrost',
    userPrincipalName: 'greta.frost@wb.example',
    displayName: 'Greta Frost (2004)',
  },
];

/** sAMAccountName of a computer. */
export const strangeComputer = 'front.desk';
