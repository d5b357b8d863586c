/** A refusal as Graph words it: status, `error.code`, message, and headers where they matter. */
export class GraphProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `error.details`, where Graph gives them. */
  readonly details: readonly Readonly<Record<string, string>>[] | undefined;

  constructor(status: number, code: string, message: string, more: More = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
    this.details = more.details;
  }
}

type More = {
  headers?: Readonly<Record<string, string>>;
  details?: readonly Readonly<Record<string, string>>[];
};

/** 400 for a request that cannot be understood. */
export const badRequest = (message: string): GraphProblem =>
  new GraphProblem(400, 'Request_BadRequest', message);

/** 404 in the words of the directory service. */
export const notFound = (id: string): GraphProblem =>
  new GraphProblem(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const forbidden = (): GraphProblem =>
  new GraphProblem(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

export const throttledProblem = (): GraphProblem =>
  new GraphProblem(429, 'TooManyRequests', 'Too many requests.', {
    headers: {
      'Retry-After': '1',
      'x-ms-throttle-scope': 'Tenant_Application/ReadWrite',
      'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
    },
  });

export const unavailableProblem = (): GraphProblem =>
  new GraphProblem(503, 'ServiceUnavailable', 'The service is temporarily unavailable.');

/** 410 on a delta link, with the address of the full round to begin. */
export const resyncRequired = (location: string): GraphProblem =>
  new GraphProblem(410, 'SyncStateNotFound', 'The sync state generation is not found.', {
    headers: { Location: location },
  });

/** 400 for a value that another object has. */
export function conflict(target: string): GraphProblem {
  const message = `Another object with the same value for property ${target} already exists.`;
  return new GraphProblem(400, 'Request_BadRequest', message, {
    details: [{ code: 'ObjectConflict', message, target }],
  });
}
