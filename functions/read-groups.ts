import { app } from '@azure/functions';
import { deliveredOf } from '../shared/delivered.ts';
import { compose } from './compose.ts';

/** Rings about groups, in batches: the queue has one session, so there is one reader. */
app.serviceBusQueue('read-groups', {
  connection: 'SERVICEBUS',
  queueName: 'groups',
  isSessionsEnabled: true,
  cardinality: 'many',
  handler: (messages, context) => compose().readGroups(deliveredOf(messages, context.triggerMetadata)),
});
