import type { WritebackError } from '../../shared/errors.ts';
import type { Telemetry } from '../../shared/telemetry/telemetry.ts';
import type { ObserveRequest } from '../directory/connection-pool.ts';
import type { Operation } from '../directory/diagnostic.ts';

/** Records every LDAP request as it was answered; a bind only where it failed. */
export function measureLdap(telemetry: Pick<Telemetry, 'record'>): ObserveRequest {
  return (operation, tookMs, failure) => {
    const outcome = failure === undefined || isAnswer(operation, failure) ? 'ok' : 'failed';
    if (operation !== 'bind') telemetry.record('writeback.ldap.duration', tookMs, { operation, outcome });
    if (failure !== undefined && outcome === 'failed')
      telemetry.record('writeback.ldap.errors', 1, { code: failure.code });
  };
}

/** "No such object" is what a look for an entry, or a delete, may rightly be told. */
const isAnswer = (operation: Operation, { code }: WritebackError): boolean =>
  code === 'entry-missing' && (operation === 'search' || operation === 'delete');
