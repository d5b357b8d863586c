import { readFile, rm } from 'node:fs/promises';
import { Attribute, Change, Client } from 'ldapts';
import { type GraphCaller, graphCaller } from '../../local/graph-caller.ts';
import type { DirectoryEntry } from '../../local/verify/directory-state.ts';
import { readDirectory } from '../../local/verify/directory-state.ts';
import { dnKey } from '../../local/verify/dn.ts';
import type { VerifyEndpoints } from '../../local/verify/endpoints.ts';
import { type RunningStart, startLive, until } from './start-command.ts';

const patienceMs = 60_000;

/** An entry as a story looks at it. */
export type Seen = {
  entry: DirectoryEntry;
  /** The first value, or undefined where there is none. */
  value(name: string): string | undefined;
  isEnabled: boolean;
  /** `Cloud`, `Leavers`, … */
  unit: string;
  /** cn of its members. */
  members: string[];
  /** cn of its manager. */
  manager: string | undefined;
};

/** A running stack with an empty tenant, and hands in both worlds: Graph as administrator, AD as administrator. */
export class SmallCompany {
  readonly graph: GraphCaller;
  readonly #running: RunningStart;
  readonly #graphUrl: string;
  readonly #directory: VerifyEndpoints['directory'];

  private constructor(running: RunningStart, graph: GraphCaller, endpoints: Known) {
    this.#running = running;
    this.graph = graph;
    this.#graphUrl = endpoints.graph.url;
    this.#directory = endpoints.directory;
  }

  static async found(...args: string[]): Promise<SmallCompany> {
    const running = await startLive('--empty', ...args);
    const endpoints = await running.endpoints();
    return new SmallCompany(running, await graphCaller(endpoints.graph), endpoints);
  }

  async close(): Promise<void> {
    this.graph.close();
    this.#running.child.kill('SIGINT');
    await this.#running.exited;
    await rm(this.#running.folder, { recursive: true, force: true });
  }

  /** Seeds by the tenant's import, in Graph's property names: with ids, and without a notification. */
  async import(body: object): Promise<void> {
    await this.#ask('POST', new URL('/control/import', this.#graphUrl).href, body);
  }

  /** A new user; the answer is the id. */
  async hire(displayName: string, userPrincipalName: string, more: object = {}): Promise<string> {
    const [mailNickname = ''] = userPrincipalName.split('@');
    const names = { displayName, userPrincipalName, mailNickname };
    const passwordProfile = { password: 'Only-the-cloud-knows-this-1' };
    const { id } = await this.#ask('POST', '/users', {
      accountEnabled: true,
      ...names,
      passwordProfile,
      ...more,
    });
    return id;
  }

  /** A new security group; the answer is the id. */
  async found(displayName: string): Promise<string> {
    const kind = { mailEnabled: false, securityEnabled: true, mailNickname: 'x' };
    return (await this.#ask('POST', '/groups', { displayName, ...kind })).id;
  }

  async change(kind: 'users' | 'groups', id: string, body: object): Promise<void> {
    await this.#ask('PATCH', `/${kind}/${id}`, body);
  }

  async addMember(group: string, id: string): Promise<void> {
    await this.#ask('POST', `/groups/${group}/members/$ref`, this.#reference(id));
  }

  async removeMember(group: string, id: string): Promise<void> {
    await this.#ask('DELETE', `/groups/${group}/members/${id}/$ref`);
  }

  async setManager(id: string, manager: string): Promise<void> {
    await this.#ask('PUT', `/users/${id}/manager/$ref`, this.#reference(manager));
  }

  async dismiss(kind: 'users' | 'groups', id: string): Promise<void> {
    await this.#ask('DELETE', `/${kind}/${id}`);
  }

  async restore(id: string): Promise<void> {
    await this.#ask('POST', `/directory/deletedItems/${id}/restore`);
  }

  async purge(id: string): Promise<void> {
    await this.#ask('DELETE', `/directory/deletedItems/${id}`);
  }

  /** The entry of a cloud object, anywhere in AD. */
  async see(id: string): Promise<Seen | undefined> {
    const { entries } = await readDirectory(this.#directory);
    const entry = entries.find(({ values }) => values.get('admindescription')?.[0]?.endsWith(id) === true);
    if (entry === undefined) return undefined;
    const byDn = new Map(entries.map((one) => [dnKey(one.dn), one]));
    const cnOf = (dn: string) => byDn.get(dnKey(dn))?.values.get('cn')?.[0] ?? dn;
    const value = (name: string) => entry.values.get(name.toLowerCase())?.[0];
    const manager = value('manager');
    return {
      entry,
      value,
      isEnabled: (Number(value('userAccountControl')) & 2) === 0,
      unit: /,OU=([^,]+)/.exec(entry.dn)?.[1] ?? '',
      members: entry.members.map(cnOf).sort(),
      manager: manager === undefined ? undefined : cnOf(manager),
    };
  }

  /** Waits until AD shows of an object what it should. */
  async shows(what: string, id: string, holds: (seen: Seen) => boolean): Promise<Seen> {
    let seen: Seen | undefined;
    await until(what, patienceMs, async () => {
      seen = await this.see(id);
      return seen !== undefined && holds(seen);
    });
    if (seen === undefined) throw new Error(what);
    return seen;
  }

  async isGone(what: string, id: string): Promise<void> {
    await until(what, patienceMs, async () => (await this.see(id)) === undefined);
  }

  /** An administrator writes to AD by hand. */
  async writeInAd(dn: string, name: string, ...values: string[]): Promise<void> {
    const { url, caFile, adminDn, adminPassword } = this.#directory;
    const client = new Client({ url, timeout: 10_000, tlsOptions: { ca: [await readFile(caFile)] } });
    try {
      await client.bind(adminDn, adminPassword);
      const modification = new Attribute({ type: name, values });
      await client.modify(dn, new Change({ operation: 'replace', modification }));
    } finally {
      await client.unbind().catch(() => undefined);
    }
  }

  #reference(id: string) {
    return { '@odata.id': `${this.#graphUrl}/directoryObjects/${id}` };
  }

  async #ask(method: string, path: string, body?: object): Promise<{ id: string }> {
    const answer = await this.graph.call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return (answer.body ?? {}) as { id: string };
  }
}

type Known = Awaited<ReturnType<RunningStart['endpoints']>>;
