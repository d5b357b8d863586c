import { startIngestion } from './server.ts';
import { settingsFrom } from './settings.ts';

/*
 * The stand-in of the Application Insights ingestion endpoint, as a process of the local stack (local/README.md).
 */

const read = settingsFrom(process.env);
if ('problems' in read) {
  for (const problem of read.problems) console.error(problem);
  process.exit(2);
}

const { port, stop } = await startIngestion(read.settings);
console.log(JSON.stringify({ ready: 'ingestion', port }));

const end = (): void => {
  void stop().finally(() => process.exit(0));
};
process.on('SIGTERM', end);
process.on('SIGINT', end);
process.stdin.on('end', end).on('error', end).resume();
