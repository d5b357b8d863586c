import { describe, expect, test } from 'vitest';
import { problemsOf } from './kql/check-query.ts';

/** Each of these is a mistake that somebody could make, and what is said about it. */
const mistakes: Record<string, { query: string; says: string }> = {
  'a metric that was renamed': {
    query: "AppMetrics | where Name == 'writeback.relay.pulse' | summarize count()",
    says: 'nobody emits writeback.relay.pulse into AppMetrics',
  },
  'a metric of several': {
    query: "AppMetrics | where Name in ('writeback.parked', 'writeback.parkd') | summarize sum(Sum)",
    says: 'nobody emits writeback.parkd into AppMetrics',
  },
  'a metric inside an aggregate': {
    query: "AppMetrics | summarize countif(Name == 'writeback.lags')",
    says: 'nobody emits writeback.lags into AppMetrics',
  },
  'a metric that nothing records yet': {
    query: "AppMetrics | where Name == 'writeback.held' | summarize sum(Sum)",
    says: 'nothing records writeback.held yet',
  },
  'an event that does not exist': {
    query: "AppTraces | where Message == 'halted' | count",
    says: 'nobody emits halted into AppTraces',
  },
  'an event looked for where metrics are': {
    query: "AppMetrics | where Name == 'applied' | count",
    says: 'nobody emits applied into AppMetrics',
  },
  'a span of the other table': {
    query: "AppRequests | where Name == 'ldap' | count",
    says: 'nobody emits ldap into AppRequests',
  },
  'a name that is compared in a way that cannot be checked': {
    query: "AppMetrics | where Name matches regex 'writeback.*' | count",
    says: 'names are compared by ==, in or startswith, not by matches regex',
  },
  'a name that is looked up in a list': {
    query: "let all = dynamic(['writeback.lagg']); AppMetrics | where Name in (all) | count",
    says: 'names are compared with literals only: Name in (all)',
  },
  'a message of a table in which nothing of ours is named': {
    query: "AppExceptions | where Message == 'failed' | count",
    says: "nothing of ours is called in AppExceptions: Message == 'failed'",
  },
  'a dimension of another metric': {
    query:
      "AppMetrics | where Name == 'writeback.relay.heartbeat' | summarize count() by tostring(Properties.kind)",
    says: 'writeback.relay.heartbeat has no property kind',
  },
  'a dimension in brackets': {
    query:
      "AppMetrics | where Name == 'writeback.changes' | summarize count() by tostring(Properties['off'])",
    says: 'writeback.changes has no property off',
  },
  'a field of an event, through a let, a union and a join': {
    query: `let told = AppTraces | where Message == 'parked counted';
            union (told | extend parked = tolong(Properties.people)), (AppTraces | where Message == 'stopped')
            | join kind=inner (AppTraces | where Message == 'applied') on OperationId`,
    says: 'parked counted has no property people',
  },
  'a property of nobody knows what': {
    query: 'AppTraces | summarize count() by tostring(Properties.code)',
    says: 'Properties.code of what? No filter by name stands before it',
  },
  'a property of everything but one': {
    query: "AppTraces | where Message != 'stopped' | summarize count() by tostring(Properties.code)",
    says: 'Properties.code of what? No filter by name stands before it',
  },
  'a value that a dimension never has': {
    query:
      "AppMetrics | where Name == 'writeback.graph.requests' and tostring(Properties.outcome) == '429' | count",
    says: 'outcome of writeback.graph.requests is never known to be 429',
  },
  'a value, through a column that was made of the dimension': {
    query: `AppMetrics | where Name == 'writeback.relay.heartbeat' | extend state = tostring(Properties.state)
            | summarize countif(state in ('paused', 'dead'))`,
    says: 'state of writeback.relay.heartbeat is never known to be dead',
  },
  'an error code that does not exist': {
    query:
      "AppTraces | where Message == 'HALTED' and tostring(Properties.code) == 'credentials-wrong' | count",
    says: 'code of HALTED is never known to be credentials-wrong',
  },
  'an error code that does not exist, among those that are left out': {
    query: `AppMetrics | where Name == 'writeback.ldap.errors' | extend code = tostring(Properties.code)
            | where code !in ('name-taken', 'name-token') | count`,
    says: 'code of writeback.ldap.errors is never known to be name-token',
  },
  'the cause of a ring where that of a command is meant': {
    query: "AppTraces | where Message == 'applied' and tostring(Properties.cause) == 'sweep' | count",
    says: 'cause of applied is never known to be sweep',
  },
  'a value of a field whose values nobody knows': {
    query: "AppTraces | where Message == 'applied' and tostring(Properties.relay) == 'relay-1' | count",
    says: 'relay of applied is never known to be relay-1',
  },
};

describe('a query that asks for what the code does not emit is found out', () => {
  test.each(Object.entries(mistakes))('%s', (_, { query, says }) => {
    expect(problemsOf(query)).toEqual([says]);
  });
});

describe('so is what Azure would not run', () => {
  test('a column that is misspelt', () => {
    expect(problemsOf("AppMetrics | where Name == 'writeback.lag' | summarize sum(Summ)")).toEqual([
      expect.stringContaining("'Summ' does not refer to any known column"),
    ]);
  });
  test('a table that does not exist', () => {
    expect(problemsOf('AppMetric | count')).toEqual([expect.stringContaining("'AppMetric'")]);
  });
  test('half a query', () => {
    expect(problemsOf('AppTraces | where')).not.toEqual([]);
  });
  test('a word that KQL keeps to itself', () => {
    expect(
      problemsOf("AppMetrics | where Name == 'writeback.changes' | project tostring(Properties.of)"),
    ).not.toEqual([]);
  });
});

describe('nothing is said about', () => {
  const fine: Record<string, string> = {
    'a planned metric where that is allowed':
      "AppMetrics | where Name == 'writeback.held' | summarize sum(Sum)",
    'what a workbook puts in':
      "AppTraces | where Message == 'applied' and tostring(Properties.id) =~ '{ObjectId}'",
    'the beginning of names':
      "AppMetrics | where Name startswith 'writeback.ldap.' | summarize sum(Sum) by Name",
    'a property of names with one beginning':
      "AppTraces | where Message startswith 'subscription' | summarize count() by tostring(Properties.resource)",
    'rows of two tables': "union AppRequests, AppDependencies | where Name in ('apply', 'ldap') | count",
    'the properties as a whole': 'AppTraces | project TimeGenerated, Message, Properties',
  };
  test.each(Object.entries(fine))('%s', (_, query) => {
    expect(problemsOf(query, { planned: true })).toEqual([]);
  });
});
