import type { DomainController } from '../domain-controller/domain-controller.ts';
import { stackToken } from '../tenant/tokens.ts';
import type { Endpoints, OwnEndpoints } from './endpoints.ts';
import { addressesOf, type Site } from './part-settings.ts';
import type { StackFacts } from './stack-facts.ts';

const tokenLifeSeconds = 30 * 24 * 3600;

/** What the endpoints file says of a stack; the processes are filled in by whoever knows them. */
export function describeEndpoints(site: Site, dc: DomainController | undefined): Endpoints {
  const { facts, real, telemetryFile } = site;
  const addresses = addressesOf(facts);
  const known = (connectionString: string | undefined) =>
    connectionString === undefined ? null : { connectionString };
  return {
    graph: real.graph === undefined ? graphOf(facts) : null,
    functions: { url: addresses.functionsUrl, key: facts.secrets.functionKey },
    serviceBus: known(real.serviceBus === undefined ? addresses.serviceBus : real.serviceBus['SERVICEBUS']),
    tables: known(real.tables === undefined ? addresses.tables : real.tables['STATE']),
    directory: dc === undefined ? null : directoryOf(facts, dc),
    broker: real.serviceBus === undefined ? { controlUrl: addresses.controlUrl } : null,
    ...(telemetryFile === undefined ? {} : { telemetry: { receivedUrl: addresses.receivedUrl } }),
    folder: facts.folder,
    processes: {},
  };
}

const graphOf = (facts: StackFacts): OwnEndpoints['graph'] => ({
  url: addressesOf(facts).graphUrl,
  token: stackToken(facts.secrets.tokenSecret, {
    aud: 'https://graph.microsoft.com',
    roles: ['administrator'],
    exp: Math.floor(Date.now() / 1000) + tokenLifeSeconds,
    appid: 'administrator',
  }),
  caFile: facts.files.authority,
});

const directoryOf = ({ files }: StackFacts, dc: DomainController): OwnEndpoints['directory'] => ({
  url: dc.url,
  caFile: files.authority,
  baseDn: dc.baseDn,
  destination: dc.destination,
  leavers: dc.leavers,
  adminDn: dc.adminDn,
  adminPassword: dc.adminPassword,
  serviceDn: dc.serviceDn,
  servicePassword: dc.servicePassword,
});
