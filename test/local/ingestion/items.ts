/** Items as @azure/monitor-opentelemetry-exporter writes them. */
export const key = '00000000-1111-4222-8333-444444444444';

const traceId = '0af7651916cd43dd8448eb211c80319c';

type Parts = { tags?: Record<string, string>; data?: Record<string, unknown>; iKey?: string; time?: string };

const item = (kind: string, baseType: string, { tags, data, ...rest }: Parts) => ({
  ver: 1,
  name: `Microsoft.ApplicationInsights.${kind}`,
  time: new Date().toISOString(),
  sampleRate: 100,
  iKey: key,
  tags: { 'ai.cloud.role': 'entra-writeback-relay', 'ai.operation.id': traceId, ...tags },
  data: { baseType, baseData: { ver: 2, properties: {}, measurements: {}, ...data } },
  ...rest,
});

export const requestItem = (parts: Parts = {}) =>
  item('Request', 'RequestData', {
    ...parts,
    data: {
      ...{ id: 'b7ad6b7169203331', name: 'apply', success: true, responseCode: '0' },
      duration: '00:00:01.2500000',
      ...parts.data,
    },
  });

export const dependencyItem = (parts: Parts = {}) =>
  item('RemoteDependency', 'RemoteDependencyData', {
    ...parts,
    data: {
      id: '00f067aa0ba902b7',
      name: 'ldap',
      duration: '00:00:00.0100000',
      success: true,
      ...parts.data,
    },
  });

export const messageItem = (parts: Parts = {}) =>
  item('Message', 'MessageData', {
    ...parts,
    data: { message: 'applied', severityLevel: 'Information', ...parts.data },
  });

export const metricItem = (parts: Parts = {}) =>
  item('Metric', 'MetricData', {
    ...parts,
    data: {
      metrics: [
        { name: 'writeback.lag', kind: 'Aggregation', value: 30, count: 2, min: 10, max: 20 },
        { name: 'ignored', value: 1 },
      ],
      properties: { leg: 'event-to-commit' },
      ...parts.data,
    },
  });
