import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { areFree } from '../../../local/listen.ts';
import { freePorts } from '../../../local/stack/free-ports.ts';

it('gives ports that can be listened on, and nobody else the same while this process lives', async () => {
  const given = await Promise.all(Array.from({ length: 20 }, () => freePorts(9)));
  const ports = given.flat();
  expect(new Set(ports).size).toBe(180);
  expect(await areFree('127.0.0.1', ports)).toBe(true);
  expect(
    await areFree(
      '127.0.0.1',
      given.map(([first = 0]) => first - 1),
    ),
  ).toBe(false);
});

it('sees that a port is taken', async () => {
  const [port = 0] = await freePorts(1);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(await areFree('127.0.0.1', [port])).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await areFree('127.0.0.1', [port])).toBe(true);
});

it('says so where more are asked for than a block has', async () => {
  await expect(freePorts(16)).rejects.toThrow('at most 15 ports');
});
