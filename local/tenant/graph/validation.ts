import type { Directory } from '../directory/directory.ts';
import type { DirectoryObject, ObjectType, Properties } from '../directory/directory-object.ts';
import { partsOf, propertiesOf, type Shape } from '../directory/properties.ts';
import { badRequest, conflict, type GraphProblem } from './problem.ts';

const required: Partial<Record<ObjectType, readonly string[]>> = {
  user: ['accountEnabled', 'displayName', 'mailNickname', 'userPrincipalName'],
  group: ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'],
};

const longest: Readonly<Record<string, number>> = {
  displayName: 256,
  mailNickname: 64,
  employeeId: 16,
  givenName: 64,
  surname: 64,
  jobTitle: 128,
  department: 64,
};

const invalid = (name: string, type: ObjectType): GraphProblem =>
  badRequest(`Invalid value specified for property '${name}' of resource '${resourceName(type)}'.`);

/** Refuses the body of a create (400), as Graph does. */
export function checkCreate(directory: Directory, type: ObjectType, properties: Properties): void {
  for (const name of required[type] ?? []) {
    if (properties[name] === undefined || properties[name] === null)
      throw badRequest(`A value is required for property '${name}' of resource '${resourceName(type)}'.`);
  }
  checkProperties(type, properties);
  if (properties['onPremisesSyncEnabled'] === true) throw invalid('onPremisesSyncEnabled', type);
  if (type === 'user') checkUserName(directory, properties, undefined);
  if (type === 'group') checkKind(properties);
}

/** Refuses the body of an update (400). */
export function checkPatch(directory: Directory, object: DirectoryObject, properties: Properties): void {
  checkProperties(object.type, properties);
  for (const name of required[object.type] ?? []) {
    if (properties[name] === null) throw invalid(name, object.type);
  }
  if (object.type === 'user') checkUserName(directory, properties, object.id);
  if (object.type !== 'group') return;
  for (const name of ['isAssignableToRole', 'writebackConfiguration@odata.type'])
    if (name in properties) throw invalid(name, 'group');
  if ('visibility' in properties && [object.properties, properties].some(isHidden))
    throw invalid('visibility', 'group');
  checkKind({ ...object.properties, ...properties }, object.properties);
}

function checkProperties(type: ObjectType, properties: Properties): void {
  const table = propertiesOf(type);
  for (const [name, value] of Object.entries(properties)) {
    const property = table[name];
    if (property === undefined)
      throw badRequest(`Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`);
    if (property.computed === true) throw badRequest(`Property '${name}' is read-only and cannot be set.`);
    if (value !== null && !fits(property.shape, value)) throw invalid(name, type);
    if (typeof value === 'string' && (value === '' || value.length > (longest[name] ?? 1024)))
      throw invalid(name, type);
    if (value !== null && partsOf[name] !== undefined) checkParts(type, name, value);
  }
  if ('userType' in properties && !['Member', 'Guest'].includes(String(properties['userType'])))
    throw invalid('userType', type);
  if (typeof properties['mailNickname'] === 'string' && !nickname.test(properties['mailNickname']))
    throw invalid('mailNickname', type);
}

/** ASCII without `@ ( ) \ [ ] " ; : < > ,` and space (reference D.2). */
const nickname = /^[\x21\x23-\x27*+\-./0-9=?A-Z^_`a-z{|}~]+$/;

function fits(shape: Shape, value: unknown): boolean {
  if (shape === 'flag') return typeof value === 'boolean';
  if (shape === 'list') return Array.isArray(value);
  if (shape === 'record') return typeof value === 'object';
  return typeof value === 'string';
}

/** A principal name belongs to one live user; those of deleted users are free. */
export function checkUserName(directory: Directory, properties: Properties, own: string | undefined): void {
  const name = properties['userPrincipalName'];
  if (name === undefined) return;
  if (typeof name !== 'string' || !/^[^@\s]+@[^@\s]+$/.test(name)) throw invalid('userPrincipalName', 'user');
  const holder = directory.userNamed(name);
  if (holder !== undefined && holder.id !== own) throw conflict('userPrincipalName');
}

/** Records take only the parts that they have, each a text or null (`isEnabled` a flag). */
function checkParts(type: ObjectType, name: string, value: unknown): void {
  for (const [part, held] of Object.entries(value as Record<string, unknown>)) {
    const fitting = part === 'isEnabled' ? 'boolean' : 'string';
    if (part.startsWith('@odata')) continue;
    const known = partsOf[name]?.includes(part) === true;
    if (!known || (held !== null && typeof held !== fitting)) throw invalid(name, type);
    const isKind = part === 'onPremisesGroupType' && typeof held === 'string';
    if (isKind && !onPremisesGroupTypes.includes(held)) throw invalid(name, type);
  }
}

const onPremisesGroupTypes = [
  'universalDistributionGroup',
  'universalSecurityGroup',
  'universalMailEnabledSecurityGroup',
];

/** Whether a group is a Microsoft 365 group. */
export const isUnified = (properties: Properties): boolean => hasType(properties, 'Unified');

const hasType = (properties: Properties, type: string): boolean =>
  (properties['groupTypes'] as string[] | null | undefined)?.includes(type) === true;

const isHidden = (properties: Properties): boolean => properties['visibility'] === 'HiddenMembership';

/**
 * Mail-enabled security and distribution groups are read-only in Graph: they come by import only. Hidden membership is for
 * Microsoft 365 groups, role-assignable groups are security-enabled and assigned; both are chosen when the group is created.
 */
function checkKind(properties: Properties, before?: Properties): void {
  const unified = isUnified(properties);
  if (before === undefined && isHidden(properties) && !unified) throw invalid('visibility', 'group');
  if (properties['isAssignableToRole'] === true) {
    if (properties['securityEnabled'] !== true) throw invalid('securityEnabled', 'group');
    if (hasType(properties, 'DynamicMembership')) throw invalid('groupTypes', 'group');
  }
  if (before !== undefined && unified !== isUnified(before)) throw invalid('groupTypes', 'group');
  const changed = before === undefined || before['mailEnabled'] !== properties['mailEnabled'];
  if (changed && properties['mailEnabled'] === true && !unified) throw invalid('mailEnabled', 'group');
  if (before === undefined && unified && properties['mailEnabled'] !== true)
    throw invalid('mailEnabled', 'group');
  if (!unified && properties['mailEnabled'] !== true && properties['securityEnabled'] !== true)
    throw invalid('securityEnabled', 'group');
}

const resourceName = (type: ObjectType): string => `${type[0]?.toUpperCase()}${type.slice(1)}`;
