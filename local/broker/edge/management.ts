import type { AmqpError } from '../amqp/rhea.ts';
import { rhea } from '../amqp/rhea.ts';
import { tokenOfUuid } from '../codec/lock-token.ts';
import { readMessage } from '../codec/read-message.ts';
import { presentScheduled, writeMessage } from '../codec/write-message.ts';
import type { Outcome } from '../engine/message.ts';
import type { PlainDispatch } from '../engine/plain-dispatch.ts';
import type { Queue } from '../engine/queue.ts';
import type { SessionLock } from '../engine/session.ts';
import { conditions } from './conditions.ts';
import { overlayOf } from './outcome.ts';
import type { Reply, Request } from './request-reply.ts';

/** What requests on one `$management` address are about. `lockOf` finds a session lock that this connection holds. */
export type ManagementScope = {
  readonly queue: Queue;
  readonly isDeadLetter: boolean;
  readonly lockOf: (sessionId: string, linkName: unknown) => SessionLock | undefined;
};

type Body = Readonly<Record<string, unknown>>;
type Operation = (scope: ManagementScope, body: Body, request: Request) => Reply;

const { types } = rhea;
const timestampCode = 0x83;
const longCode = 0x81;

/** Answers one request; what is not modelled gets 501. */
export function manage(scope: ManagementScope, request: Request): Reply {
  const operation = operations[String(request.properties['operation'])];
  if (operation === undefined)
    return failed(501, conditions.notImplemented(String(request.properties['operation'])));
  return operation(scope, (request.body ?? {}) as Body, request);
}

const operations: Readonly<Record<string, Operation>> = {
  'com.microsoft:renew-lock': renewLock,
  'com.microsoft:renew-session-lock': renewSessionLock,
  'com.microsoft:set-session-state': setSessionState,
  'com.microsoft:get-session-state': getSessionState,
  'com.microsoft:schedule-message': scheduleMessage,
  'com.microsoft:cancel-scheduled-message': cancelScheduled,
  'com.microsoft:update-disposition': updateDisposition,
  'com.microsoft:peek-message': peekMessage,
};

function renewLock(scope: ManagementScope, body: Body): Reply {
  const renewed = uuids(body['lock-tokens']).map((uuid) => plainOf(scope)?.renew(tokenOfUuid(uuid)));
  const until = renewed.filter((one) => one !== undefined);
  if (until.length < renewed.length) return failed(410, conditions.messageLost());
  return done({ expirations: types.wrap_array(until, timestampCode, undefined) });
}

function renewSessionLock(scope: ManagementScope, body: Body, request: Request): Reply {
  const lock = lockFor(scope, body, request);
  const until = lock === undefined ? undefined : scope.queue.sessions?.renew(lock);
  return until === undefined
    ? failed(410, conditions.sessionLost())
    : done({ expiration: types.wrap_timestamp(until) });
}

function setSessionState(scope: ManagementScope, body: Body, request: Request): Reply {
  const lock = lockFor(scope, body, request);
  if (lock?.held !== true) return failed(410, conditions.sessionLost());
  const state = body['session-state'];
  scope.queue.setSessionState(lock.session.id, Buffer.isBuffer(state) ? Buffer.from(state) : undefined);
  return done({});
}

function getSessionState(scope: ManagementScope, body: Body, request: Request): Reply {
  const lock = lockFor(scope, body, request);
  if (lock?.held !== true) return failed(410, conditions.sessionLost());
  return done({ 'session-state': scope.queue.sessions?.stateOf(lock.session.id) ?? null });
}

function scheduleMessage(scope: ManagementScope, body: Body): Reply {
  const messages = listOf(body['messages']).map((item) => readMessage((item as { message: Buffer }).message));
  if (scope.queue.settings.requiresSession && messages.some((message) => message.sessionId === undefined)) {
    return failed(400, conditions.sessionIdMissing(scope.queue.settings.name));
  }
  const sequences = messages.map((message) => {
    const result = scope.queue.enqueue(message);
    return result.type === 'session-required' ? 0 : result.sequence;
  });
  return done({ 'sequence-numbers': types.wrap_array(sequences, longCode, undefined) });
}

function cancelScheduled(scope: ManagementScope, body: Body): Reply {
  const known = listOf(body['sequence-numbers']).map((sequence) =>
    scope.queue.cancelScheduled(numberOf(sequence)),
  );
  return known.every((one) => one)
    ? done({})
    : failed(404, {
        condition: 'com.microsoft:message-not-found',
        description: 'There is no such scheduled message.',
      });
}

function updateDisposition(scope: ManagementScope, body: Body, request: Request): Reply {
  const outcome = outcomeOfStatus(body);
  if (outcome === undefined) return failed(501, conditions.notImplemented('defer'));
  const lock = typeof body['session-id'] === 'string' ? lockFor(scope, body, request) : undefined;
  for (const uuid of uuids(body['lock-tokens'])) {
    const token = tokenOfUuid(uuid);
    const settled =
      lock === undefined
        ? plainOf(scope)?.settle(token, outcome)
        : scope.queue.sessions?.settle(lock, token, outcome);
    if (settled !== 'done') return failed(410, conditions.messageLost());
  }
  return done({});
}

/** Locked, ready and scheduled messages alike: a peek is not covered by locks. */
function peekMessage(scope: ManagementScope, body: Body): Reply {
  const { queue, isDeadLetter } = scope;
  const from = numberOf(body['from-sequence-number']);
  const sessionId = body['session-id'];
  const found = queue
    .browse(isDeadLetter ? 'dead' : 'active')
    .filter(
      (message) =>
        message.sequence >= from && (typeof sessionId !== 'string' || message.sessionId === sessionId),
    )
    .slice(0, numberOf(body['message-count']));
  if (found.length === 0) return { properties: status(204, 'No Content') };
  const omitBody = body['omit-message-body'] === true;
  const messages = found.map((message) => ({
    message: writeMessage(message, {
      ...(queue.isScheduled(message.sequence) ? presentScheduled : {}),
      omitBody,
    }),
  }));
  return done({ messages });
}

function outcomeOfStatus(body: Body): Outcome | undefined {
  const overlay = overlayOf(body['properties-to-modify']);
  switch (body['disposition-status']) {
    case 'completed':
      return { type: 'complete' };
    case 'abandoned':
      return { type: 'abandon', overlay };
    case 'suspended': {
      const reasons = {
        DeadLetterReason: body['deadletter-reason'],
        DeadLetterErrorDescription: body['deadletter-description'],
      };
      return { type: 'dead-letter', overlay: { ...overlay, ...overlayOf(reasons) } };
    }
    default:
      return undefined;
  }
}

const plainOf = (scope: ManagementScope): PlainDispatch | undefined =>
  scope.isDeadLetter ? scope.queue.deadLetters : scope.queue.plain;

const lockFor = (scope: ManagementScope, body: Body, request: Request): SessionLock | undefined =>
  scope.lockOf(String(body['session-id']), request.properties['associated-link-name']);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const uuids = (value: unknown): Buffer[] => listOf(value).filter((item) => Buffer.isBuffer(item));

/** Longs beyond 2^53 come as bytes; there are none that large here. */
const numberOf = (value: unknown): number =>
  Buffer.isBuffer(value) ? Number(value.readBigInt64BE()) : typeof value === 'number' ? value : 0;

const status = (code: number, description: string): Record<string, unknown> => ({
  statusCode: types.wrap_int(code),
  statusDescription: description,
});

const done = (body: object): Reply => ({ properties: status(200, 'OK'), body });

const failed = (code: number, error: AmqpError): Reply => ({
  properties: { ...status(code, error.description), errorCondition: types.wrap_symbol(error.condition) },
  body: {},
});
