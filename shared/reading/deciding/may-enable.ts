import type { Settings } from '../../domain/settings.ts';
import type { Row } from '../../ports.ts';

/**
 * Whether an account that is found disabled may be enabled. Not where the last command enabled it and the relay said so: then
 * somebody disabled it on-premises. Without a row nobody knows (docs/adr/who-disabled-an-account.md).
 *
 * Who is out of scope was disabled by us, but not by the cloud: an account that the relay had found disabled even then stays so when its
 * user is back. A deletion is the cloud's word.
 */
export function mayEnable(row: Row | undefined, { users }: Settings): boolean {
  if (users !== false && users.onPremisesDisable === 'follow-cloud') return true;
  if (row === undefined) return false;
  const onPremises = row.account === 'disabled-on-premises';
  const wasEnabled = row.account === 'enabled' || onPremises;
  if (!wasEnabled) return true;
  return row.enabled === false && !(onPremises && row.leftFor === 'outOfScope');
}
