import { app } from '@azure/functions';
import { readRequest } from '../shared/receiving/webhook.ts';
import { compose } from './compose.ts';

/** Lifecycle events of the subscriptions; items are told apart by what they are, so both URLs do the same. */
app.http('lifecycle', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'graph/lifecycle',
  handler: async (request) => await compose().receive(await readRequest(request)),
});
