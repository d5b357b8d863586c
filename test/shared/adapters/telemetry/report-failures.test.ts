import { expect, it } from 'vitest';
import { reportFailures } from '../../../../shared/adapters/telemetry/report-failures.ts';

type SendRequest = ReturnType<typeof reportFailures>['sendRequest'];
/** As much of both as the policy looks at. */
const request = { url: 'https://eu.in.example/v2.1/track' } as Parameters<SendRequest>[0];
type Response = Awaited<ReturnType<SendRequest>>;

/** What is told of an answer. */
async function toldOf(status: number, bodyAsText: string | null): Promise<string[]> {
  const told: string[] = [];
  const response = { request, status, bodyAsText } as Response;
  const policy = reportFailures((error) => told.push(error));
  expect(await policy.sendRequest(request, () => Promise.resolve(response))).toBe(response);
  return told;
}

it('tells how much of a request was not taken, and nothing of what it was', async () => {
  const errors = [{ index: 1, statusCode: 400, message: "Field 'name' on type 'Anna' is required" }];
  const body = JSON.stringify({ itemsReceived: 10, itemsAccepted: 9, errors });
  expect(await toldOf(206, body)).toEqual(['status 206, 1 of 10 items refused']);
  for (const odd of [null, 'no JSON', '{"itemsReceived":"x"}'])
    expect(await toldOf(206, odd)).toEqual(['status 206, some items refused']);
});

it('tells what failed, and says nothing of what went well', async () => {
  expect(await toldOf(200, null)).toEqual([]);
  expect(await toldOf(439, null)).toEqual(['status 439']);
});

it('tells the name of an error, and passes it on', async () => {
  const told: string[] = [];
  const gone = Object.assign(new Error('secret'), { code: 'ECONNRESET' });
  const sending = reportFailures((error) => told.push(error)).sendRequest(request, () =>
    Promise.reject(gone),
  );
  await expect(sending).rejects.toBe(gone);
  expect(told).toEqual(['ECONNRESET']);
});
