import type { Doorbell, NewRing } from '../../shared/receiving/rings-for.ts';

/** Keeps what was rung, in order. */
export type FakeDoorbell = Doorbell & { sent: NewRing[] };

export function fakeDoorbell(): FakeDoorbell {
  const sent: NewRing[] = [];
  return {
    sent,
    async send(rings) {
      sent.push(...rings);
    },
  };
}
