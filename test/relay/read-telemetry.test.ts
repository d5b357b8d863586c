import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTelemetry } from '../../relay/read-telemetry.ts';

const key = '11111111-2222-3333-4444-555555555555';
const connection = `InstrumentationKey=${key};IngestionEndpoint=https://eu.in.example/`;
const name = 'APPLICATIONINSIGHTS_CONNECTION_STRING';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-telemetry-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('takes where telemetry goes, from a file too', () => {
  const file = join(folder, 'connection');
  writeFileSync(file, `${connection}\n`);
  const read = {
    settings: { connectionString: connection, entra: undefined, samplingRatio: 1 },
    problems: [],
  };
  expect(readTelemetry({ [name]: connection })).toEqual(read);
  expect(readTelemetry({ [`${name}_FILE`]: file })).toEqual(read);
  expect(readTelemetry({})).toEqual({ settings: undefined, problems: [] });
});

it('names what is wrong without its value, and then sends nothing', () => {
  const problems = (environment: Record<string, string>) => {
    const read = readTelemetry(environment);
    expect(read.settings).toBeUndefined();
    return read.problems;
  };
  expect(problems({ [`${name}_FILE`]: join(folder, 'none') })).toEqual([`${name}_FILE: cannot be read`]);
  expect(problems({ [name]: connection, [`${name}_FILE`]: 'x' })).toEqual([
    `${name}: set it or ${name}_FILE, not both`,
  ]);
  const wrong = {
    [name]: 'IngestionEndpoint=http://plain.example/',
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=Key',
    TELEMETRY_SAMPLING_RATIO: '2',
  };
  expect(new Set(problems(wrong).map((problem) => problem.split(':')[0]))).toEqual(
    new Set(Object.keys(wrong)),
  );
  expect(problems(wrong).join()).not.toMatch(/plain|=Key/);
});
