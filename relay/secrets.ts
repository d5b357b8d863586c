import { ConfigProblems, type RelayConfig, readConfig } from './config.ts';

/** What may be renewed while the relay runs: the files of the password and of the authority. */
export class Secrets {
  #config: RelayConfig;

  constructor(config: RelayConfig) {
    this.#config = config;
  }

  /** What the files hold now; what they held before, where they cannot be read. */
  read(): { password: string; directoryCa: string | undefined } {
    try {
      this.#config = readConfig(process.env);
    } catch (thrown) {
      if (!(thrown instanceof ConfigProblems)) throw thrown;
    }
    return { password: this.#config.DIRECTORY_PASSWORD, directoryCa: this.#config.directoryCa };
  }

  haveChanged(): boolean {
    const before = this.#config.DIRECTORY_PASSWORD;
    return this.read().password !== before;
  }
}
