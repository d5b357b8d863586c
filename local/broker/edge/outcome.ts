import type { Outcome, Overlay, PropertyValue } from '../engine/message.ts';

/** What an AMQP outcome means to the engine; undefined for what is not modelled (defer). */
export function outcomeOf(name: string, state: Readonly<Record<string, unknown>>): Outcome | undefined {
  switch (name) {
    case 'accepted':
      return { type: 'complete' };
    case 'released':
      return { type: 'release' };
    case 'rejected': {
      const error = state['error'] as { readonly info?: unknown } | null | undefined;
      return { type: 'dead-letter', overlay: overlayOf(error?.info) };
    }
    case 'modified':
      if (state['undeliverable_here'] === true) return undefined;
      return { type: 'abandon', overlay: overlayOf(state['message_annotations']) };
    default:
      return undefined;
  }
}

/** Application properties from a map of the wire; values that a property cannot hold are left out. */
export function overlayOf(map: unknown): Overlay {
  if (typeof map !== 'object' || map === null) return {};
  const overlay: Record<string, PropertyValue> = {};
  for (const [key, value] of Object.entries(map)) {
    const plain: unknown = value instanceof Date ? value.getTime() : value;
    if (['string', 'number', 'boolean'].includes(typeof plain)) overlay[key] = plain as PropertyValue;
  }
  return overlay;
}
