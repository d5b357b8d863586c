import { beforeAll, describe, expect, it } from 'vitest';
import { type App, loadFunctions } from './app.ts';
import { roleProblems } from './role-problems.ts';
import { environments, infraFile, type Resource, readSnapshot, type Snapshot } from './snapshot.ts';

let app: App;
beforeAll(async () => {
  app = await loadFunctions();
});

const receiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0';
const sender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39';

/** The dev snapshot, where the assignments on a queue with a role have become something else. */
function planted(queue: string, role: string, become: (assignment: Resource) => Resource[]): Snapshot {
  const isMeant = ({ type, id, properties }: Resource) =>
    type === 'Microsoft.Authorization/roleAssignments' &&
    id.includes(`/queues/${queue}/`) &&
    String(properties['roleDefinitionId']).endsWith(role);
  const { predictedResources } = readSnapshot('dev');
  return { predictedResources: predictedResources.flatMap((one) => (isMeant(one) ? become(one) : [one])) };
}

describe('role assignments', () => {
  it.each(environments)('%s: each identity has exactly the roles that its code uses', (environment) => {
    expect(roleProblems(readSnapshot(environment), app)).toEqual([]);
  });

  it('finds a role that is missing', () => {
    expect(
      roleProblems(
        planted('groups', receiver, () => []),
        app,
      ),
    ).toEqual(['missing: functions: Azure Service Bus Data Receiver on queue groups']);
  });

  it('finds a role too many: the relay may read the doorbells', () => {
    const widened = planted('users', receiver, (one) => [
      one,
      { ...one, properties: { ...one.properties, principalId: '11111111-1111-1111-1111-111111111111' } },
    ]);
    expect(roleProblems(widened, app)).toEqual([
      'too many: relay: Azure Service Bus Data Receiver on queue users',
    ]);
  });

  it('finds a stronger role in place of a narrow one', () => {
    const owner = planted('users', sender, (one) => [
      {
        ...one,
        properties: { ...one.properties, roleDefinitionId: '/x/090c5cfd-751d-490a-894a-3ce6f1109419' },
      },
    ]);
    expect(roleProblems(owner, app)).toEqual([
      'missing: functions: Azure Service Bus Data Sender on queue users',
      'too many: functions: role 090c5cfd-751d-490a-894a-3ce6f1109419 on queue users',
    ]);
  });

  it('finds a role on the whole namespace', () => {
    const wide = planted('refused', sender, (one) => [{ ...one, id: one.id.replace('/queues/refused', '') }]);
    const problems = roleProblems(wide, app);
    expect(problems).toContain('missing: relay: Azure Service Bus Data Sender on queue refused');
    expect(problems.filter((problem) => problem.startsWith('too many: '))).toHaveLength(2);
  });

  it('finds a trigger whose queue the identity may not read', () => {
    const grown: App = new Map([
      ...app,
      ['read-refused', { type: 'x', direction: 'in', queueName: 'refused' }],
    ]);
    expect(roleProblems(readSnapshot('dev'), grown)).toEqual([
      'missing: functions: Azure Service Bus Data Receiver on queue refused',
    ]);
  });

  it('grants rights in Graph, and the one to read hidden memberships, only where a parameter says so', () => {
    const { parameters } = JSON.parse(infraFile('main.json')) as {
      parameters: Record<string, { defaultValue?: unknown }>;
    };
    expect(parameters['grantGraphPermissions']?.defaultValue).toBe(false);
    expect(parameters['readHiddenMemberships']?.defaultValue).toBe(false);
  });
});
