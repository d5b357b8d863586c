import { app } from '@azure/functions';
import { deliveredOf } from '../shared/delivered.ts';
import { compose } from './compose.ts';

/** Rings about users, in batches: the queue has one session, so there is one reader. */
app.serviceBusQueue('read-users', {
  connection: 'SERVICEBUS',
  queueName: 'users',
  isSessionsEnabled: true,
  cardinality: 'many',
  handler: (messages, context) => compose().readUsers(deliveredOf(messages, context.triggerMetadata)),
});
