import type { DirectoryObject, Properties } from './directory-object.ts';
import { propertiesOf } from './properties.ts';

/** Properties of an update with records (employeeOrgData and the like) completed by what they had: only named parts change. */
export function withRecordsMerged(before: DirectoryObject, properties: Properties): Properties {
  const table = propertiesOf(before.type);
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const old = before.properties[name];
      return [
        name,
        table[name]?.shape === 'record' && isRecord(value) && isRecord(old) ? { ...old, ...value } : value,
      ];
    }),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
