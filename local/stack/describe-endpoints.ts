import type { DomainController } from '../domain-controller/domain-controller.ts';
import { stackToken } from '../tenant/tokens.ts';
import type { Endpoints } from './endpoints.ts';
import { addressesOf } from './part-settings.ts';
import type { StackFacts } from './stack-facts.ts';

const tokenLifeSeconds = 30 * 24 * 3600;

/** What the endpoints file says of a stack; the processes are filled in by whoever knows them. */
export function describeEndpoints(facts: StackFacts, dc: DomainController): Endpoints {
  const addresses = addressesOf(facts);
  const caFile = facts.files.authority;
  return {
    graph: {
      url: addresses.graphUrl,
      token: stackToken(facts.secrets.tokenSecret, {
        aud: 'https://graph.microsoft.com',
        roles: ['administrator'],
        exp: Math.floor(Date.now() / 1000) + tokenLifeSeconds,
        appid: 'administrator',
      }),
      caFile,
    },
    functions: { url: addresses.functionsUrl, key: facts.secrets.functionKey },
    serviceBus: { connectionString: addresses.serviceBus },
    tables: { connectionString: addresses.tables },
    directory: {
      url: dc.url,
      caFile,
      baseDn: dc.baseDn,
      destination: dc.destination,
      adminDn: dc.adminDn,
      adminPassword: dc.adminPassword,
      serviceDn: dc.serviceDn,
    },
    broker: { controlUrl: addresses.controlUrl },
    processes: {},
  };
}
