import type { WritebackConfig } from '../../../shared/configuration/define-config.ts';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import { createFence } from '../../../shared/reading/fence.ts';
import { groupRules, userRules } from '../../../shared/reading/kind-rules.ts';
import type { ReaderDeps } from '../../../shared/reading/reader-deps.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeState } from '../../fakes/state.ts';
import { fakeTenant } from '../../fakes/tenant.ts';
import { settings } from '../flow/flow.ts';

/** What a part of a reader is given, over a tenant and a state in memory. */
export function readerParts(config: WritebackConfig = {}) {
  const [tenant, state, clock] = [fakeTenant(), fakeState(), fakeClock()];
  const deps: ReaderDeps = {
    ...{ tenant, state, clock, settings, writeback: settingsFrom(config) },
    instance: 'process-1',
  };
  const common = { deps, signal: new AbortController().signal, startedAt: clock.now() };
  return {
    ...{ tenant, state, clock, deps },
    usersReading: { ...common, rules: userRules, fence: createFence('user', deps) },
    groupsReading: { ...common, rules: groupRules, fence: createFence('group', deps) },
  };
}

export const origin = { traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`, event: 5, ring: 7 };
