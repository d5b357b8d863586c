import { app } from '@azure/functions';
import { compose } from './compose.ts';

/**
 * On demand: `{"kind":"user","ids":["…"]}` has these objects looked at now, even where nothing changed. (Not under `admin/`: the
 * host keeps routes that begin so to itself, and an app that has one does not start.)
 */
app.http('ring', {
  methods: ['POST'],
  authLevel: 'function',
  route: 'ring',
  handler: async (request) => {
    const demand: unknown = await request.json().catch(() => undefined);
    const outcome = await compose().ring(demand);
    return { status: 'rung' in outcome ? 202 : 400, jsonBody: outcome };
  },
});
