import type { DirectoryObject } from '../directory/directory-object.ts';
import { partsOf, propertiesOf, shownByDefault } from '../directory/properties.ts';
import { securityIdentifierOf } from '../directory/security-identifier.ts';

type Shown = Record<string, unknown>;

/** An object as clients see it: the selected properties, or the default set; `id` always. */
export function present(object: DirectoryObject, select: readonly string[] | undefined): Shown {
  const table = propertiesOf(object.type);
  const shown: Shown = { id: object.id };
  for (const name of select ?? shownByDefault(object.type)) {
    if (name in table) shown[name] = propertyValue(object, name);
  }
  return shown;
}

/** The same with `@odata.type`, as it comes in collections of directory objects. */
export function presentTyped(object: DirectoryObject, select: readonly string[] | undefined): Shown {
  return { '@odata.type': `#microsoft.graph.${object.type}`, ...present(object, select) };
}

/** As in a delta page: a property that never had a value is left out. */
export function presentInDelta(object: DirectoryObject, names: Iterable<string>): Shown {
  const table = propertiesOf(object.type);
  const shown: Shown = { id: object.id };
  for (const name of names) {
    const value = name in table ? propertyValue(object, name) : undefined;
    if (value !== null || name in object.properties) if (name in table) shown[name] = value;
  }
  return shown;
}

/** What a property reads as, null where it has no value. */
export function propertyValue(object: DirectoryObject, name: string): unknown {
  switch (name) {
    case 'id':
      return object.id;
    case 'deletedDateTime':
      return object.deletedAt ?? null;
    case 'securityIdentifier':
      return securityIdentifierOf(object.id);
    default:
      return object.deletedAt === undefined ? stored(object, name) : whileDeleted(object, name);
  }
}

function stored(object: DirectoryObject, name: string): unknown {
  const value = object.properties[name];
  if (alwaysRecords.includes(name)) return wholeRecord(name, value);
  if (value !== undefined && value !== null) return value;
  return propertiesOf(object.type)[name]?.shape === 'list' ? [] : null;
}

/** Records that Graph answers with all their parts, null where they have no value; employeeOrgData is null as a whole. */
const alwaysRecords = ['onPremisesExtensionAttributes', 'writebackConfiguration'];

const wholeRecord = (name: string, value: unknown): Shown =>
  Object.fromEntries(
    (partsOf[name] ?? []).map((part) => [part, (value as Shown | null | undefined)?.[part] ?? null]),
  );

/** A deleted group is no security group, and a deleted user's principal name is free for others (reference B.4). */
function whileDeleted(object: DirectoryObject, name: string): unknown {
  if (object.type === 'group' && name === 'securityEnabled') return false;
  const value = stored(object, name);
  if (name === 'userPrincipalName') return `${object.id.replaceAll('-', '')}${String(value)}`;
  return value;
}
