import { app } from '@azure/functions';
import { readRequest } from '../shared/receiving/webhook.ts';
import { compose } from './compose.ts';

/** Change notifications of Microsoft Graph. Anyone may call it: the secret in each item says whether it is one of ours. */
app.http('notifications', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'graph/notifications',
  handler: async (request) => await compose().receive(await readRequest(request)),
});
