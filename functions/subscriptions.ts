import { app } from '@azure/functions';
import { compose } from './compose.ts';

/**
 * Keeps the subscriptions alive. It runs at start too, which costs one list request on every scale-out and is otherwise
 * advised against: a fresh deployment must not wait for half an hour until it hears of changes, and the keeper is idempotent.
 */
app.timer('subscriptions', {
  schedule: '%SUBSCRIPTION_SCHEDULE%',
  runOnStartup: true,
  handler: () => compose().keepSubscriptions(),
});
