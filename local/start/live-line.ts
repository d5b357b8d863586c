import type { Applied } from '../story/applied.ts';

const outcomes: Record<string, string> = {
  created: 'appears in AD',
  suspended: 'is disabled',
  deleted: 'is gone',
  released: 'is let go',
};

/** One line for a person about one thing that the relay did: when, who, what, and how long after the event in the cloud. */
export function liveLine(line: Applied, name: string): string {
  const { commit = Date.now(), event, ring } = line.times;
  const time = new Date(commit).toTimeString().slice(0, 8);
  const lag = `${Math.max(0, Math.round(commit - (event ?? ring)))} ms`;
  return `${time}  ${lag.padStart(8)}  ${name} ${whatHappened(line)}`;
}

function whatHappened({ outcome, code, changed, added, removed }: Applied): string {
  if (outcome === 'rejected') return `was refused (${code ?? 'no code'})`;
  const members = [
    ...(added > 0 ? [`+${added} member${added === 1 ? '' : 's'}`] : []),
    ...(removed > 0 ? [`−${removed} member${removed === 1 ? '' : 's'}`] : []),
  ];
  const attributes = outcome === 'created' ? [] : changed.filter((name) => name !== 'member');
  const changes = attributes.length > 0 ? [attributes.join(', ')] : [];
  const details = [...changes, ...members].join(' ');
  const verb = outcomes[outcome] ?? (details === '' ? outcome : 'changes:');
  return `${verb} ${details}`.trim();
}
