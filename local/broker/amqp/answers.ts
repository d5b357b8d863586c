import { frames, type RheaSession, type RheaTyped } from './rhea.ts';

type Answer = {
  readonly session: RheaSession;
  readonly weSend: boolean;
  readonly id: number;
  readonly state: RheaTyped;
  readonly plain: boolean;
};

/**
 * Settled dispositions that wait to be written. rhea's own writer merges two neighbours with different outcomes into one (its
 * comparison skips the first pair), which would turn a refusal into a success; this one merges only plain acceptances.
 */
export class Answers {
  #waiting: Answer[] = [];

  /** `plain`: the state is accepted and says nothing else. */
  add(answer: Answer): void {
    this.#waiting.push(answer);
  }

  /** Writes everything, in order. */
  write(): void {
    const answers = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < answers.length; ) {
      const first = answers[from] as Answer;
      let to = from + 1;
      while (to < answers.length && follows(answers[to - 1] as Answer, answers[to] as Answer)) to += 1;
      const last = (answers[to - 1] as Answer).id;
      // A session that the client has ended takes no more frames.
      if (first.session.is_remote_open()) {
        first.session.output(
          frames.disposition({
            role: !first.weSend,
            first: first.id,
            last,
            settled: true,
            state: first.state,
          }),
        );
      }
      from = to;
    }
  }
}

const follows = (one: Answer, next: Answer): boolean =>
  one.plain &&
  next.plain &&
  one.session === next.session &&
  one.weSend === next.weSend &&
  next.id === one.id + 1;
