import { ofType, type Snapshot } from '../snapshot.ts';

/** What the tests read of an alert on a query. */
export type LogAlert = {
  description: string;
  enabled: boolean;
  severity: number;
  evaluationFrequency: string;
  windowSize: string;
  criteria: {
    allOf: { query: string; metricMeasureColumn: string; dimensions: { name: string }[] }[];
  };
  actions: { actionGroups: string[] };
};

/** And of one on a metric of the platform. */
export type MetricAlert = {
  description: string;
  enabled: boolean;
  severity: number;
  evaluationFrequency: string;
  windowSize: string;
  criteria: {
    allOf: {
      metricNamespace: string;
      metricName: string;
      timeAggregation: string;
      dimensions: { name: string; values: string[] }[];
    }[];
  };
  actions: { actionGroupId: string }[];
};

export const logAlerts = (snapshot: Snapshot): LogAlert[] =>
  ofType(snapshot, 'Microsoft.Insights/scheduledQueryRules').map(
    ({ properties }) => properties as unknown as LogAlert,
  );

export const metricAlerts = (snapshot: Snapshot): MetricAlert[] =>
  ofType(snapshot, 'Microsoft.Insights/metricAlerts').map(
    ({ properties }) => properties as unknown as MetricAlert,
  );
