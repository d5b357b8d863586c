import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { relayPrincipalId } from '../../local/infra/placeholders.ts';

/** infra/<environment>.snapshot.json: what would be deployed, with everything evaluated that does not take a deployment. */
export type Resource = {
  id: string;
  type: string;
  name: string;
  properties: Record<string, unknown>;
} & Record<string, unknown>;

export type Snapshot = { predictedResources: Resource[] };

export const environments = ['dev', 'prod', 'premium'] as const;
export type Environment = (typeof environments)[number];

export const infraFile = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', 'infra', name), 'utf8');

/** Read anew for every caller, so that a planted mistake stays with who planted it. */
export const readSnapshot = (environment: Environment): Snapshot =>
  JSON.parse(infraFile(`${environment}.snapshot.json`)) as Snapshot;

export const ofType = ({ predictedResources }: Snapshot, type: string): Resource[] =>
  predictedResources.filter((resource) => resource.type === type);

/** The only resource of its type. Throws where there is none or more. */
export function theOnly(snapshot: Snapshot, type: string): Resource {
  const found = ofType(snapshot, type);
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}`);
  return found[0] as Resource;
}

/** The value at a path such as `properties.siteConfig.alwaysOn`, or undefined. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], value);
}

/** The settings of the Functions app as the template has them; those that only a deployment knows are expressions, `[…]`. */
export const appSettings = (snapshot: Snapshot): Record<string, string> =>
  theOnly(snapshot, 'Microsoft.Web/sites/config').properties as Record<string, string>;

/** Who a principal is: expressions name the identity that it is taken from. */
export function whoIs(principalId: unknown): string {
  if (principalId === relayPrincipalId) return 'relay';
  const isFunctions = /userAssignedIdentities\/id-[^']*', '[^']*'\)\.principalId\]$/.test(
    String(principalId),
  );
  return isFunctions ? 'functions' : `unknown (${String(principalId)})`;
}
