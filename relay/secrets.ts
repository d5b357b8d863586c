import type { RelayConfig } from './config.ts';
import { readText, secretOf } from './secret-files.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Known = { password: string; directoryCa: string | undefined };

/** What may be renewed while the relay runs: the files of the password and of the authority. Nothing else is read again. */
export class Secrets {
  readonly #environment: Environment;
  #known: Known;
  #refused: string | undefined;

  constructor(config: RelayConfig, environment: Environment = process.env) {
    this.#environment = environment;
    this.#known = { password: config.DIRECTORY_PASSWORD, directoryCa: config.directoryCa };
  }

  /** What the files hold now; what they held before, each for itself, where they cannot be read or are empty. */
  read(): Known {
    const secret = secretOf(this.#environment, 'DIRECTORY_PASSWORD');
    const password = 'problem' in secret ? undefined : secret.value;
    const caFile = this.#environment['DIRECTORY_CA_FILE'];
    this.#known = {
      password: password || this.#known.password,
      directoryCa: (caFile ? readText(caFile) : undefined) ?? this.#known.directoryCa,
    };
    return this.#known;
  }

  /** The domain controller refused this password: it is not worth another try before its time. */
  noteRefused(password: string): void {
    this.#refused = password;
  }

  /** Whether there is another password now than the one that was refused last, whoever has read it in between. */
  haveChanged(): boolean {
    return this.#refused !== undefined && this.read().password !== this.#refused;
  }
}
