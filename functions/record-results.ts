import { app } from '@azure/functions';
import { deliveredOf } from '../shared/delivered.ts';
import { compose } from './compose.ts';

/** What the relay did. */
app.serviceBusQueue('record-results', {
  connection: 'SERVICEBUS',
  queueName: 'results',
  cardinality: 'many',
  handler: (messages, context) => compose().recordResults(deliveredOf(messages, context.triggerMetadata)),
});
