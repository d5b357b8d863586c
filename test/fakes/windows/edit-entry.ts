import type { Guid } from '../../../relay/ports.ts';
import { checkNesting } from './nesting.ts';
import { checkJoining } from './primary-group.ts';
import { refusal } from './refusal.ts';
import type { Value, WindowsEntry } from './windows-entry.ts';
import { checkPassword, type WindowsSchema } from './windows-schema.ts';

/** One change of a modify. */
export type Edit = { operation: 'add' | 'delete' | 'replace'; attribute: string; values: Value[] };

/** What an edit asks of the domain around it. */
type Around = {
  readonly schema: Pick<WindowsSchema, 'check'>;
  readonly isEncrypted: boolean;
  readonly irremovable: ReadonlySet<Guid>;
  find(target: string): WindowsEntry;
};

type Circumstances = { domain: Around; permissive: boolean };

/** Makes the changes on a draft, refusing what schema, links and passwords do not allow. */
export function editEntry(draft: WindowsEntry, edits: readonly Edit[], around: Circumstances): void {
  for (const edit of passwordFirst(edits)) {
    const name = edit.attribute.toLowerCase();
    if (name === 'cn') throw refusal(67, '00002016', 'cn');
    if (name === 'member') {
      editMembers(draft, edit, around);
      continue;
    }
    around.domain.schema.check(edit.attribute, edit.values);
    if (edit.operation !== 'replace') deleteValues(draft, edit, around);
    else if (name === 'manager') draft.manager = managerNamed(around.domain, edit.values[0]);
    else if (name === 'unicodepwd') setPassword(draft, edit.values, around.domain);
    else replaceValues(draft, name, edit.values);
  }
}

/** It sets pwdLastSet, which the same request may set to another value. */
function passwordFirst(edits: readonly Edit[]): Edit[] {
  const isPassword = ({ attribute }: Edit): boolean => attribute.toLowerCase() === 'unicodepwd';
  return [...edits.filter(isPassword), ...edits.filter((edit) => !isPassword(edit))];
}

/** pwdLastSet takes 0 (to be changed at the next logon) and -1 (changed now) only. */
function replaceValues(draft: WindowsEntry, name: string, values: Value[]): void {
  const isNow = name === 'pwdlastset' && values[0]?.toString() === '-1';
  if (name === 'pwdlastset' && !isNow && values[0]?.toString() !== '0')
    throw refusal(80, '00000057', 'pwdLastSet');
  if (values.length === 0 || isNow) draft.values.delete(name);
  else draft.values.set(name, values);
}

/** The whole attribute at once is all that the adapter deletes; one that is not there is an error without permissive modify. */
function deleteValues(draft: WindowsEntry, edit: Edit, { permissive }: Circumstances): void {
  if (edit.operation !== 'delete' || edit.values.length > 0) throw refusal(53, '00002035', edit.attribute);
  const wasThere = draft.values.delete(edit.attribute.toLowerCase());
  if (!wasThere && !permissive) throw refusal(16, '00002085', edit.attribute);
}

/** Over an encrypted connection only (53, 0000001F), whatever the bind was. */
function setPassword(draft: WindowsEntry, values: readonly Value[], { isEncrypted }: Around): void {
  if (!isEncrypted) throw refusal(53, '0000001F', 'unicodePwd');
  checkPassword(values[0] ?? '');
  draft.passwordSet = true;
  draft.values.delete('pwdlastset');
}

function managerNamed(domain: Around, value: Value | undefined): Guid | undefined {
  if (value === undefined) return undefined;
  try {
    return domain.find(value.toString()).guid;
  } catch {
    throw refusal(19, '000020B5', 'manager');
  }
}

/** With permissive modify, one already there or already gone is success on Windows; Samba ignores the control here. */
function editMembers(group: WindowsEntry, edit: Edit, { domain, permissive }: Circumstances): void {
  if (edit.operation === 'replace') throw refusal(53, '00002035', 'member');
  for (const value of edit.values) {
    const member = memberNamed(domain, value.toString());
    const isKept = edit.operation === 'delete' && domain.irremovable.has(member.guid);
    if (isKept && group.members.has(member.guid)) throw refusal(53, '0000052A');
    if (edit.operation === 'add') {
      checkJoining(group, member);
      if (!group.members.has(member.guid)) checkNesting(group, member);
      else if (!permissive) throw refusal(68, '00000562');
      group.members.add(member.guid);
    } else if (!group.members.delete(member.guid) && !permissive) throw refusal(53, '00000561');
  }
}

function memberNamed(domain: Around, target: string): WindowsEntry {
  try {
    return domain.find(target);
  } catch {
    throw refusal(32, '00000525');
  }
}
