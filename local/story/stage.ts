import { z } from 'zod';
import type { Chance } from '../company/random.ts';
import type { GraphAnswer, GraphCaller } from '../graph-caller.ts';
import type { Change, Effect } from './change.ts';

/** What the stage needs: Graph as administrator, its address for references, AD's administrator, chance, and somebody to tell. */
export type StageOptions = {
  graph: GraphCaller;
  graphUrl: string;
  administrator: Administrator;
  chance: Chance;
  onChange: (change: Change) => void;
  pause: (ms: number) => Promise<unknown>;
};

/** Whoever works in AD by hand, and sees what the product knows of an account. */
export type Administrator = {
  /** Disables the account of a user. */
  disable(id: string): Promise<void>;
  /** Resolves when the product has sent the account as disabled by the cloud. */
  disabledByCloud(id: string): Promise<void>;
  /** The cloud has disabled and enabled it: it is nobody's but the cloud's again. */
  release(id: string): Promise<void>;
};

type Somebody = { id: string; displayName: string };

type Write = { what: string; target: string; effect: Effect; method: string; path: string; body?: unknown };

/** A busy company: a pause of 60 to 180 ms between two changes. */
const shortestPauseMs = 60;
const pauseSpreadMs = 120;
const retryPauseMs = 400;
const retries = 15;

const idSchema = z.object({ id: z.string().toLowerCase() });

/** Where the story is played: every change goes through Graph, one after the other as people make them, and is noted. */
export class Stage {
  readonly changes: Change[] = [];
  readonly #options: StageOptions;
  #pauseless = false;

  constructor(options: StageOptions) {
    this.#options = options;
  }

  get chance(): Chance {
    return this.#options.chance;
  }

  /** Where the tenant takes what no client of Graph may write, without a word to anybody (stand-in only). */
  get importUrl(): string {
    return new URL('/control/import', this.#options.graphUrl).href;
  }

  /** A burst: what happens inside follows without a pause, as when a script does it. */
  async burst(play: () => Promise<void>): Promise<void> {
    await this.#pause();
    this.#pauseless = true;
    await play().finally(() => {
      this.#pauseless = false;
    });
  }

  /** Creates a user or group and answers its id. */
  async create(what: string, path: '/users' | '/groups', body: unknown, effect?: 'nothing'): Promise<string> {
    await this.#pause();
    const sentAt = Date.now();
    const answer = await this.#send({ what, method: 'POST', path, body });
    const { id } = idSchema.parse(answer.body);
    const shown: Effect = effect ? { type: effect } : { type: 'entry', id, outcome: 'created' };
    this.#note({ what, target: id, effect: shown }, sentAt);
    return id;
  }

  /** Any other write; it is repeated while Graph does not know a fresh object yet. */
  async write(write: Write): Promise<void> {
    await this.#pause();
    const sentAt = Date.now();
    await this.#send(write);
    this.#note(write, sentAt);
  }

  /** A group is founded: security, unless its kind says otherwise; one out of scope has no effect. */
  async found(displayName: string, kind: object = {}, effect?: 'nothing'): Promise<string> {
    const body = {
      displayName,
      description: `Founded in the story: ${displayName}`,
      mailNickname: `story-${this.chance.guid().slice(0, 8)}`,
      ...{ mailEnabled: false, securityEnabled: true, groupTypes: [], ...kind },
    };
    return this.create(`group ${displayName} is founded`, '/groups', body, effect);
  }

  enable(person: Somebody, accountEnabled: boolean): Promise<void> {
    const what = `${person.displayName} is ${accountEnabled ? 'enabled' : 'disabled'}`;
    const change = { body: { accountEnabled }, attribute: 'userAccountControl' };
    return this.patch(what, `/users/${person.id}`, change);
  }

  nameUser(person: Somebody, userPrincipalName: string): Promise<void> {
    const what = `${person.displayName} gets the sign-in name ${userPrincipalName}`;
    const change = { body: { userPrincipalName }, attribute: 'userPrincipalName' };
    return this.patch(what, `/users/${person.id}`, change);
  }

  /** `undefined`: reports to nobody any more. */
  setManager(person: Somebody, manager: Somebody | undefined): Promise<void> {
    const what = `${person.displayName} reports to ${manager?.displayName ?? 'nobody'}`;
    const effect: Effect = { type: 'attribute', id: person.id, name: 'manager' };
    const body = { '@odata.id': `${this.#options.graphUrl}/users/${manager?.id}` };
    const [method, rest] = manager === undefined ? ['DELETE', {}] : ['PUT', { body }];
    const path = `/users/${person.id}/manager/$ref`;
    return this.write({ what, target: person.id, effect, method, path, ...rest });
  }

  /** An administrator disables an account in AD: not our change, so nothing of it must be undone. */
  async disableInAd(person: Somebody): Promise<void> {
    await this.#pause();
    const sentAt = Date.now();
    await this.#options.administrator.disable(person.id);
    const what = `an administrator disables ${person.displayName} in AD`;
    this.#note({ what, target: person.id, effect: { type: 'nothing' } }, sentAt);
  }

  /** The cloud disables an account that is disabled in AD already, and enables it when everybody has seen that. */
  async unlock(person: Somebody): Promise<void> {
    const { id, displayName } = person;
    const what = `${displayName} is disabled in the cloud as well`;
    const body = { accountEnabled: false };
    const path = `/users/${id}`;
    await this.write({ what, target: id, effect: { type: 'nothing' }, method: 'PATCH', path, body });
    await this.#options.administrator.disabledByCloud(id);
    await this.#options.administrator.release(id);
    await this.enable(person, true);
  }

  patch(
    what: string,
    path: `/users/${string}` | `/groups/${string}`,
    change: { body: object; attribute: string },
  ) {
    const target = path.split('/')[2] ?? '';
    const effect: Effect = { type: 'attribute', id: target, name: change.attribute };
    return this.write({ what, target, effect, method: 'PATCH', path, body: change.body });
  }

  /** Adds members, up to 20 in one request. `entering`: how many of them AD is going to list. */
  addMembers(
    what: string,
    group: string,
    members: { ids: readonly string[]; entering: number },
  ): Promise<void> {
    const references = members.ids.map((id) => `${this.#options.graphUrl}/directoryObjects/${id}`);
    const [only] = references;
    const single = { method: 'POST', path: `/groups/${group}/members/$ref`, body: { '@odata.id': only } };
    const many = { method: 'PATCH', path: `/groups/${group}`, body: { 'members@odata.bind': references } };
    const effect = membersEffect(group, { added: members.entering, removed: 0 });
    return this.write({ what, target: group, effect, ...(references.length === 1 ? single : many) });
  }

  removeMember(what: string, group: string, member: string, leaving = 1): Promise<void> {
    const effect = membersEffect(group, { added: 0, removed: leaving });
    const path = `/groups/${group}/members/${member}/$ref`;
    return this.write({ what, target: group, effect, method: 'DELETE', path });
  }

  async #send({ what, method, path, body }: Omit<Write, 'target' | 'effect'>): Promise<GraphAnswer> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#options.graph.call(method, path, body);
      if (answer.status < 300 || (attempt > 0 && isDoneAlready(answer))) return answer;
      if (answer.status !== 404 || attempt === retries)
        throw new Error(
          `Graph refused a change of the story (${what}): ${method} ${path} → ${answer.status} ${message(answer)}`,
        );
      await this.#options.pause(retryPauseMs);
    }
  }

  #note({ what, target, effect }: Pick<Write, 'what' | 'target' | 'effect'>, sentAt: number): void {
    const change = { what, target, effect, sentAt, respondedAt: Date.now() };
    this.changes.push(change);
    this.#options.onChange(change);
  }

  async #pause(): Promise<void> {
    if (!this.#pauseless) await this.#options.pause(shortestPauseMs + this.chance.below(pauseSpreadMs));
  }
}

function membersEffect(id: string, { added, removed }: { added: number; removed: number }): Effect {
  return added + removed === 0 ? { type: 'nothing' } : { type: 'members', id, added, removed };
}

const errorSchema = z.object({ error: z.object({ message: z.string() }) });

const message = (answer: GraphAnswer): string => errorSchema.safeParse(answer.body).data?.error.message ?? '';

/** The first try had arrived although its answer did not say so. */
const isDoneAlready = (answer: GraphAnswer) =>
  answer.status === 400 && /already exist/i.test(message(answer));
