import { app } from '@azure/functions';
import { compose } from './compose.ts';

/** Counts what is parked, for whoever watches. */
app.timer('take-stock', {
  schedule: '%STOCK_SCHEDULE%',
  runOnStartup: false,
  handler: () => compose().takeStock(),
});
