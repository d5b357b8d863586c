import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../local/stack/certificates.ts';
import { startIdentity } from '../fixtures/identity.ts';
import { type RunningRelay, startRelay } from '../fixtures/relay.ts';
import { userPresent } from '../relay/build-command.ts';
import { RelayStage } from './relay-stage.ts';

let stage: RelayStage;
let relay: RunningRelay;

beforeAll(async () => {
  stage = await RelayStage.open();
});

afterEach(() => relay?.stop());

afterAll(() => stage?.close());

describe('what is set up wrongly is told by its code, and the message is kept', () => {
  it.each([
    ['a wrong password', 'credentials-refused', () => ({ DIRECTORY_PASSWORD: 'Wrong-1-password' })],
    [
      'a missing destination',
      'destination-missing',
      () => ({ DIRECTORY_DESTINATION: `OU=Nowhere,${stage.domain.dc.baseDn}` }),
    ],
  ])('%s', async (_, code, changes) => {
    const command = userPresent(`kept-${code}`);
    await stage.send(command);
    relay = startRelay(stage.settings(changes()));
    expect(await relay.line((line) => line.code === code)).toMatchObject({ level: 'fatal' });
    await relay.stop();
    expect(await stage.queueDepth()).toBe(1);
    relay = startRelay(stage.settings());
    expect(await stage.resultOf(command)).toMatchObject({ outcome: 'created' });
    await expect.poll(() => stage.queueDepth()).toBe(0);
  });

  it('an untrusted certificate', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-'));
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, (await makeAuthority()).certificatePem);
    const command = userPresent('kept-untrusted');
    await stage.send(command);
    relay = startRelay(stage.settings({ DIRECTORY_CA_FILE: caFile }));
    expect(await relay.line((line) => line.code === 'directory-untrusted')).toMatchObject({ level: 'fatal' });
    await relay.stop();
    expect(await stage.queueDepth()).toBe(1);
    relay = startRelay(stage.settings());
    expect(await stage.resultOf(command)).toMatchObject({ outcome: 'created' });
    await rm(folder, { recursive: true });
  });
});

describe('over WebSockets', () => {
  it('the relay works with the token of a managed identity', async () => {
    const identity = await startIdentity();
    const { SERVICEBUS: _, ...rest } = stage.settings();
    relay = startRelay({
      ...rest,
      SERVICEBUS__fullyQualifiedNamespace: 'tests.servicebus.windows.net',
      SERVICEBUS__endpoint: stage.broker.wssUrl,
      ...identity.env,
      NODE_EXTRA_CA_CERTS: stage.broker.caFile,
    });
    await relay.ready();
    expect(await stage.ask(userPresent('Ida'))).toMatchObject({ outcome: 'created' });
    await relay.stop();
    identity.stop();
  });
});
