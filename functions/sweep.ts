import { app } from '@azure/functions';
import { compose } from './compose.ts';

/** The safety net: notifications of users and groups can be lost without a word, delta rounds cannot. */
app.timer('sweep', {
  schedule: '%SWEEP_SCHEDULE%',
  runOnStartup: false,
  handler: () => compose().sweep(),
});
