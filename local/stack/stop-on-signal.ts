/**
 * Stops on Ctrl-C (or SIGTERM, or a closed terminal) and exits with 130. A second Ctrl-C does not wait: the process exits at
 * once and the reaper cleans up after it.
 */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(interruptedCode);
      stopping = true;
      stop().then(
        () => process.exit(interruptedCode),
        () => process.exit(interruptedCode),
      );
    });
  }
}

const interruptedCode = 130;
