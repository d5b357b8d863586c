import { app } from '@azure/functions';

/** Whether the host answers at all: no settings, no connections, nothing to learn for whoever asks. */
app.http('health', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'health',
  handler: () => ({ status: 200, jsonBody: { status: 'ok' } }),
});
