import { describe, expect, it } from 'vitest';
import { readSarif } from '../../../local/infra/sarif.ts';

/** A document as `bicep build --diagnostics-format sarif` writes it (0.49.2). */
const documentOf = (...results: object[]): string =>
  JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'bicep' } }, results }] }, null, 2);

const unused = {
  ruleId: 'no-unused-params',
  message: { text: 'Parameter "x" is declared but never used.' },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: 'file:///somewhere/infra/modules/state.bicep' },
        region: { startLine: 7, charOffset: 7 },
      },
    },
  ],
};

const told = {
  file: 'state.bicep',
  line: 7,
  rule: 'no-unused-params',
  level: 'warning',
  text: 'Parameter "x" is declared but never used.',
};

describe('diagnostics of the compiler', () => {
  it('a warning is one, though its level is not written out', () => {
    expect(readSarif(documentOf(unused))).toEqual([told]);
  });

  it('an error says so', () => {
    expect(readSarif(documentOf({ ...unused, level: 'error' }))).toEqual([{ ...told, level: 'error' }]);
  });

  it('documents of several files stand one after the other, and a module that two of them use is told once', () => {
    expect(readSarif(`${documentOf(unused)}${documentOf()}\n${documentOf(unused)}`)).toEqual([told]);
  });

  it('nothing at all is not the same as nothing to say', () => {
    expect(readSarif(documentOf())).toEqual([]);
    expect(() => readSarif('')).toThrow('reported nothing');
  });
});
