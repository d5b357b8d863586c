import type { Directory } from '../ports.ts';

/** The same directory, except that every write first waits for the fence and does not start where the fence throws. */
export function fencedDirectory(directory: Directory, beforeWrite: () => Promise<void>): Directory {
  return {
    describe: () => directory.describe(),
    entries: () => directory.entries(),
    findByMark: (mark) => directory.findByMark(mark),
    read: (guid, attributes) => directory.read(guid, attributes),
    markElsewhere: (guid) => directory.markElsewhere(guid),
    findByCn: (cn, place) => directory.findByCn(cn, place),
    holders: (name) => directory.holders(name),
    findBySid: (sids) => directory.findBySid(sids),
    members: (group) => directory.members(group),
    memberOf: (guid) => directory.memberOf(guid),
    reportsOf: (guid) => directory.reportsOf(guid),
    findDeleted: (guid) => directory.findDeleted(guid),
    ping: () => directory.ping(),
    close: () => directory.close(),
    add: async (entry) => {
      await beforeWrite();
      return directory.add(entry);
    },
    replace: async (guid, values) => {
      await beforeWrite();
      return directory.replace(guid, values);
    },
    move: async (guid, to) => {
      await beforeWrite();
      return directory.move(guid, to);
    },
    restore: async (guid, cn) => {
      await beforeWrite();
      return directory.restore(guid, cn);
    },
    remove: async (guid) => {
      await beforeWrite();
      return directory.remove(guid);
    },
    // An edit is many writes, with reads between them where members are refused.
    editMembers: (group, edit) => directory.editMembers(group, edit, beforeWrite),
  };
}
