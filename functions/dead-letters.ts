import { app } from '@azure/functions';
import { deliveredOf } from '../shared/delivered.ts';
import { compose } from './compose.ts';

/** Commands that were delivered too often without success; the session of a dead letter does not matter any more. */
app.serviceBusQueue('dead-letters', {
  connection: 'SERVICEBUS',
  queueName: 'writes/$DeadLetterQueue',
  cardinality: 'many',
  handler: (messages, context) => compose().recordDeadLetters(deliveredOf(messages, context.triggerMetadata)),
});
