import { app } from '@azure/functions';
import { compose } from './compose.ts';

/**
 * Keeps the subscriptions alive. It runs at start too: where each function scales for itself, that is the start of an instance of this
 * function only, so compose.ts makes what is missing at the start of every instance. Renewing is left to this one.
 */
app.timer('subscriptions', {
  schedule: '%SUBSCRIPTION_SCHEDULE%',
  runOnStartup: true,
  handler: () => compose().keepSubscriptions(),
});
