import { describe, expect, test } from 'vitest';
import { ConnectionPool } from '../../../relay/directory/connection-pool.ts';
import type { LdapClient } from '../../../relay/directory/ldap-client.ts';
import { WritebackError } from '../../../shared/errors.ts';

/** A client that does nothing but be bound until it is unbound. */
function idleClient(): LdapClient & { isBound: boolean } {
  const nothing = async (): Promise<never> => {
    throw new TypeError('not asked for');
  };
  const client = {
    isBound: true,
    add: nothing,
    modify: nothing,
    modifyDN: nothing,
    del: nothing,
    search: nothing,
    unbind: async () => {
      client.isBound = false;
    },
  };
  return client;
}

function poolOf(size: number, timeoutMs = 4_000, monotonicMs = () => 0) {
  const opened: ReturnType<typeof idleClient>[] = [];
  const open = async () => {
    const client = idleClient();
    opened.push(client);
    return client;
  };
  return { pool: new ConnectionPool({ open, size, timeoutMs, monotonicMs }), opened };
}

describe('ConnectionPool', () => {
  test('never lends a connection twice nor more than there may be', async () => {
    const { pool, opened } = poolOf(3);
    const busy = new Set<LdapClient>();
    const request = async (client: LdapClient) => {
      expect(busy.has(client)).toBe(false);
      busy.add(client);
      await new Promise(setImmediate);
      busy.delete(client);
    };
    await Promise.all(Array.from({ length: 200 }, () => pool.write('modify', request)));
    expect(opened).toHaveLength(3);
  });

  test('is not touched by whoever watches: what was written stays written, what failed keeps its code', async () => {
    const seen: unknown[] = [];
    const pool = new ConnectionPool({
      ...{ open: async () => idleClient(), size: 1, timeoutMs: 4_000, monotonicMs: () => 0 },
      observe: (operation, _, failure) => {
        seen.push([operation, failure?.code]);
        throw new TypeError('a mistake of ours');
      },
    });
    expect(await pool.write('add', async () => 'done')).toBe('done');
    const refused = pool.write('modify', async () => {
      throw new WritebackError('value-refused');
    });
    await expect(refused).rejects.toMatchObject({ code: 'value-refused' });
    expect(seen).toEqual([
      ['bind', undefined],
      ['add', undefined],
      ['modify', 'value-refused'],
    ]);
  });

  test('does not send a write that began too long ago', async () => {
    let nowMs = 0;
    const { pool } = poolOf(1, 4_000, () => nowMs);
    const since = pool.now();
    nowMs = 2_001;
    let sent = false;
    const late = pool.write(
      'rename',
      async () => {
        sent = true;
      },
      since,
    );
    await expect(late).rejects.toMatchObject({ code: 'directory-unavailable' });
    expect(sent).toBe(false);
    await pool.write('rename', async () => {
      sent = true;
    });
    expect(sent).toBe(true);
  });

  test('opens another in place of one that broke, and never lends that one again', async () => {
    const { pool, opened } = poolOf(1);
    const lost = pool.write('modify', async () => {
      throw new Error('Connection closed before message response was received.');
    });
    await expect(lost).rejects.toMatchObject({ code: 'directory-unavailable' });
    await pool.write('modify', async (client) => expect(client).toBe(opened[1]));
    expect(opened[0]?.isBound).toBe(false);
  });

  test('notices that an idle one was dropped', async () => {
    const { pool, opened } = poolOf(1);
    await pool.write('modify', async () => undefined);
    if (opened[0] !== undefined) opened[0].isBound = false;
    await pool.write('modify', async (client) => expect(client).toBe(opened[1]));
  });

  test('does not trust one that was idle for five minutes', async () => {
    let now = 0;
    const { pool, opened } = poolOf(1, 4_000, () => now);
    const used = () => pool.write('modify', async (client) => opened.indexOf(client as never));
    expect(await used()).toBe(0);
    now += 299_999;
    expect(await used()).toBe(0);
    now += 300_000;
    expect(await used()).toBe(1);
    expect(opened[0]?.isBound).toBe(false);
  });

  test('directory-unavailable: sends nothing once half of the timeout is over', async () => {
    let now = 0;
    const open = async () => {
      now += 2_001;
      return idleClient();
    };
    const pool = new ConnectionPool({ open, size: 1, timeoutMs: 4_000, monotonicMs: () => now });
    let isSent = false;
    const write = pool.write('add', async () => {
      isSent = true;
    });
    await expect(write).rejects.toMatchObject({ code: 'directory-unavailable' });
    expect(isSent).toBe(false);
  });

  test('directory-busy: does not wait for a connection longer than a quarter of the timeout', async () => {
    const { pool } = poolOf(1, 80);
    const { release } = await pool.hold();
    await expect(pool.write('modify', async () => undefined)).rejects.toMatchObject({
      code: 'directory-busy',
    });
    await release(true);
    await expect(pool.write('modify', async () => 'done')).resolves.toBe('done');
  });

  test('binds once where the bind is refused', async () => {
    let binds = 0;
    const open = async (): Promise<LdapClient> => {
      binds++;
      throw new WritebackError('credentials-refused');
    };
    const pool = new ConnectionPool({ open, size: 4, timeoutMs: 4_000 });
    const read = () => pool.read('search', async () => undefined).catch(() => undefined);
    await read();
    await Promise.all([read(), read(), read()]);
    expect(binds).toBe(1);
  });

  test('closing ends every connection and refuses who waits', async () => {
    const { pool, opened } = poolOf(1);
    const { release } = await pool.hold();
    const waiting = pool.read('search', async () => undefined);
    const refused = expect(waiting).rejects.toMatchObject({ code: 'directory-unavailable' });
    await pool.close();
    await refused;
    await release(true);
    expect(opened.map(({ isBound }) => isBound)).toEqual([false]);
  });
});
