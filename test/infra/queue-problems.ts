import { ofType, type Snapshot, theOnly } from './snapshot.ts';

/** A queue as infra/queues.json has it: what the local broker reads as well. */
export type QueueWish = {
  name: string;
  requiresSession: boolean;
  duplicateDetectionWindow: string | null;
  lockDuration: string;
  maxDeliveryCount: number;
  timeToLive: string;
};

/** Every queue of the file is there with its settings, and no other. */
export function queueProblems(snapshot: Snapshot, wishes: readonly QueueWish[]): string[] {
  const namespace = theOnly(snapshot, 'Microsoft.ServiceBus/namespaces').name;
  const queues = new Map(
    ofType(snapshot, 'Microsoft.ServiceBus/namespaces/queues').map(({ name, properties }) => [
      name.replace(`${namespace}/`, ''),
      properties,
    ]),
  );
  const names = wishes.map(({ name }) => name);
  return [
    ...[...queues.keys()].filter((name) => !names.includes(name)).map((name) => `too many: ${name}`),
    ...wishes.flatMap((wish) => {
      const found = queues.get(wish.name);
      return found === undefined ? [`missing: ${wish.name}`] : settingProblemsOf(wish, found);
    }),
  ];
}

function settingProblemsOf(wish: QueueWish, found: Record<string, unknown>): string[] {
  const wanted: Record<string, unknown> = {
    requiresSession: wish.requiresSession,
    requiresDuplicateDetection: wish.duplicateDetectionWindow !== null,
    ...(wish.duplicateDetectionWindow !== null && {
      duplicateDetectionHistoryTimeWindow: wish.duplicateDetectionWindow,
    }),
    lockDuration: wish.lockDuration,
    maxDeliveryCount: wish.maxDeliveryCount,
    defaultMessageTimeToLive: wish.timeToLive,
    deadLetteringOnMessageExpiration: true,
  };
  return Object.entries(wanted).flatMap(([name, value]) =>
    found[name] === value ? [] : `${wish.name}: ${name} is ${String(found[name])}, not ${String(value)}`,
  );
}
