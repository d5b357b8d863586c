import { app } from '@azure/functions';
import { readRequest } from '../shared/receiving/webhook.ts';
import { compose } from './compose.ts';

/** Change notifications of Microsoft Graph; the key in the URL (`?code=`) survives in the subscription. */
app.http('notifications', {
  methods: ['POST'],
  authLevel: 'function',
  route: 'graph/notifications',
  handler: async (request) => await compose().receive(await readRequest(request)),
});
