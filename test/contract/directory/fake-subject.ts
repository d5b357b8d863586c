import { formatDn, guidDn, parseDn } from '../../../relay/directory/codec/dn.ts';
import type { Dn, Guid } from '../../../relay/ports.ts';
import { type FakeOptions, fakeDirectory } from '../../fakes/directory.ts';
import type { WindowsDomain } from '../../fakes/windows/windows-domain.ts';
import { dnOf, type WindowsEntry } from '../../fakes/windows/windows-entry.ts';
import type { Backstage, Made, Subject } from './subject.ts';

/** The contract on the strict fake. */
export async function openFakeSubject(options: FakeOptions = {}): Promise<Subject> {
  const { directory, domain } = fakeDirectory(options);
  return {
    directory,
    backstage: backstageOf(domain),
    recycleBin: domain.options.hasRecycleBin,
    upnSuffix: 'contoso.example',
    close: () => directory.close(),
  };
}

function backstageOf(domain: WindowsDomain): Backstage {
  const person = (name: string): Made => {
    const objectClass = ['top', 'person', 'organizationalPerson', 'user'];
    const entry = domain.put({
      name,
      parent: domain.base,
      objectClass,
      sid: domain.newSid(),
      passwordSet: true,
    });
    entry.values.set('samaccountname', [name]);
    entry.values.set('useraccountcontrol', ['512']);
    return made(entry);
  };
  return {
    person: async (name) => person(name),
    crowd: async (prefix, count) =>
      Array.from({ length: count }, (_, index) => person(`${prefix}${index}`).guid),
    stranger: async (cn, attributes) => {
      const given = Object.entries({ objectClass: 'user', ...attributes });
      const list = given.map(([type, value]) => ({ type, values: [value] }));
      return made(
        domain.add(
          'administrator',
          formatDn([{ type: 'CN', value: cn }, ...steps(domain.destination)]),
          list,
        ),
      );
    },
    contact: async (name) =>
      domain.put({ name, parent: domain.destination, objectClass: ['top', 'person', 'contact'] }).guid,
    set: async (guid, attribute, values) =>
      domain.modify('administrator', guidDn(guid), [{ operation: 'replace', attribute, values }], {
        permissive: false,
      }),
    rename: async (guid, cn) =>
      domain.rename('administrator', dnOf(entryOf(domain, guid)), formatDn([{ type: 'CN', value: cn }])),
    moveOut: async (guid) => {
      const { name } = entryOf(domain, guid);
      domain.rename(
        'administrator',
        dnOf(entryOf(domain, guid)),
        formatDn([{ type: 'CN', value: name }]),
        domain.base,
      );
    },
    valuesOf: async (guid, attribute) => {
      const entry = entryOf(domain, guid);
      if (attribute === 'member') return [...entry.members];
      return (entry.values.get(attribute.toLowerCase()) ?? []).map(String);
    },
  };
}

const steps = (dn: Dn) => parseDn(dn) ?? [];

function entryOf(domain: WindowsDomain, guid: Guid): WindowsEntry {
  return domain.find(guidDn(guid));
}

function made({ guid, sid }: WindowsEntry): Made {
  if (sid === undefined) throw new Error('no security principal');
  return { guid, sid };
}
