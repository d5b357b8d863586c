import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The documents point at what is there: files, headings, and names of the templates. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = globSync(['*.md', '.github/**/*.md', '{docs,infra,local,relay,shared,test}/**/*.md'], {
  cwd: root,
}).sort();

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const withoutFences = (text: string): string => text.replaceAll(/^ *```[^\n]*\n[\s\S]*?^ *```/gm, '');
const withoutCode = (text: string): string => withoutFences(text).replaceAll(/`[^`\n]+`/g, 'code');

/** The anchors that GitHub gives headings. */
function anchorsOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutFences(text).matchAll(/^#+ +(.+)$/gm)) {
    const words = heading
      .trim()
      .toLowerCase()
      .replaceAll(/\]\([^)]*\)/g, '');
    const slug = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    anchors.add(before === 0 ? slug : `${slug}-${before}`);
  }
  return anchors;
}

/** Links of a page that lead nowhere. */
function deadLinks(page: string): string[] {
  const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return links.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : relative(root, join(root, dirname(page), decodeURI(path)));
    if (file.startsWith('..') || !existsSync(join(root, file))) return true;
    if (anchor === undefined) return false;
    return statSync(join(root, file)).isDirectory() || !anchorsOf(read(file)).has(anchor);
  });
}

/** Files of this repository that a page names in code and that are not there; not those that somebody is to make. */
function missingFiles(page: string): string[] {
  const named = [...withoutFences(read(page)).matchAll(/`([\w./-]+\.\w+)`/g)].map(([, path = '']) => path);
  const ours = named.filter((path) =>
    /^(docs|functions|infra|local|relay|shared|test|\.github)\//.test(path),
  );
  return ours.filter((path) => !existsSync(join(root, path)));
}

describe('the documents', () => {
  it('are found', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/deploy.md', 'docs/security.md']));
  });

  it.each(pages)('%s has no link that leads nowhere', (page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  it.each(pages)('%s names no file that is not there', (page) => {
    expect(missingFiles(page)).toEqual([]);
  });
});

describe('docs/deploy.md', () => {
  const page = read('docs/deploy.md');
  const template = read('infra/main.bicep');
  const declared = (what: 'param' | 'output'): string[] =>
    [...template.matchAll(new RegExp(`^${what} (\\w+) `, 'gm'))].map(([, name = '']) => name);

  it('names parameters that the template has', () => {
    const table = /\| parameter \| what \|\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? '';
    const rows = table.split('\n').slice(1);
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name = '') => !declared('param').includes(name))).toEqual([]);
    const elsewhere = [...page.matchAll(/`([a-z]+[A-Z]\w+)`/g)].map(([, name = '']) => name);
    expect(elsewhere.filter((name) => !declared('param').includes(name))).toEqual([]);
  });

  it('names outputs and variables that somebody has or reads', () => {
    const named = new Set(page.match(/\b[A-Z][A-Z0-9]+(_[A-Z0-9]+)+\b/g));
    const files = ['infra/*.bicepparam', '.github/workflows/*.yml', 'relay/config.ts', 'local/host/main.ts'];
    const readBy = globSync(files, { cwd: root });
    const texts = readBy.map(read).join('\n');
    const known = (name: string): boolean =>
      declared('output').includes(name) || new RegExp(`\\b${name}\\b`).test(texts) || platform.includes(name);
    expect(named.size).toBeGreaterThan(5);
    expect([...named].filter((name) => !known(name))).toEqual([]);
  });

  /** Read by azd. */
  const platform = ['AZURE_RESOURCE_GROUP'];
});

describe('infra/relay/relay.env.example', () => {
  it('sets what the relay or the Azure SDK reads', () => {
    const names = [...read('infra/relay/relay.env.example').matchAll(/^#?([A-Z][A-Za-z_]+)=/gm)];
    const texts = ['relay/config.ts', 'shared/telemetry/settings.ts'].map(read).join('\n');
    const ofTheSdk =
      /^(AZURE_(TENANT_ID|CLIENT_ID|CLIENT_CERTIFICATE_PATH)|IDENTITY_ENDPOINT|IMDS_ENDPOINT)$/;
    const unknown = names
      .map(([, name = '']) => name)
      .filter((name) => !ofTheSdk.test(name) && !texts.includes(name.replace(/_FILE$/, '')));
    expect(names.length).toBeGreaterThan(8);
    expect(unknown).toEqual([]);
  });
});
