import { type SpanName, spans } from '../../shared/telemetry/spans.ts';

/** A span and what it leads to. `or`: another span that may stand in its place. */
type Branch = { span: SpanName; or?: readonly SpanName[]; note?: string; leadsTo?: readonly Branch[] };

/** How a change travels, in names that the compiler holds against the table. */
export const trace: Branch = {
  span: 'notification',
  or: ['ring', 'read page'],
  leadsTo: [
    {
      span: 'read users',
      or: ['read groups'],
      leadsTo: [
        {
          span: 'apply',
          leadsTo: [
            { span: 'ldap', note: 'one for each write' },
            { span: 'record', note: 'and from here `read …` again, where something is owed' },
          ],
        },
      ],
    },
  ],
};

/** Lines of a drawing, indented by depth. */
export function drawing(branch: Branch = trace, depth = 0): string[] {
  const { span, or = [], note, leadsTo = [] } = branch;
  const names = [span, ...or].join(' | ');
  const line = `${'  '.repeat(depth)}${names}`.padEnd(36);
  const told = `${line}(${spans[span].from})${note === undefined ? '' : `   ${note}`}`;
  return [told, ...leadsTo.flatMap((child) => drawing(child, depth + 1))];
}
