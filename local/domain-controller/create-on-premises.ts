import { z } from 'zod';
import type { DomainController } from './domain-controller.ts';
import { runSambaScript } from './run-samba-script.ts';
import { smbConfPath } from './smb-conf.ts';

export type OnPremisesUser = {
  sAMAccountName: string;
  userPrincipalName: string;
  displayName: string;
  givenName?: string;
  sn?: string;
  department?: string;
  /** Marks: a user that a relay takes for its own where it accepts the owner. */
  adminDescription?: string;
  'msDS-ExternalDirectoryObjectId'?: string;
};

/** A universal security group; `members` are sAMAccountNames of the same call. */
export type OnPremisesGroup = { sAMAccountName: string; displayName: string; members: string[] };

/** `perTransaction`: for a domain of very many entries, where 50 is too few. */
export type OnPremisesPeople = {
  users: OnPremisesUser[];
  groups: OnPremisesGroup[];
  perTransaction?: number;
};

const answer = z.object({ sids: z.record(z.string(), z.string()) });

/**
 * Creates users under `onPremisesOu` and groups under `onPremisesGroupsOu`, whether the domain controller runs or not, and
 * answers their SIDs by sAMAccountName, which is also their cn. The accounts have no password.
 */
export async function createOnPremises(
  dc: Pick<DomainController, 'folder' | 'onPremisesOu' | 'onPremisesGroupsOu'>,
  people: OnPremisesPeople,
): Promise<{ sids: Record<string, string> }> {
  const printed = await runSambaScript('people.py', {
    smbConf: smbConfPath(dc.folder),
    usersOu: dc.onPremisesOu,
    groupsOu: dc.onPremisesGroupsOu,
    ...people,
  });
  return answer.parse(printed);
}
