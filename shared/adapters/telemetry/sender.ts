/** Which process sends. `instance` tells its running copies apart. `randomHex`: that many random bytes as lower-case hex. */
export type Sender = {
  role: 'functions' | 'relay';
  instance: string;
  randomHex: (bytes: number) => string;
};
