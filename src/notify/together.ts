/** Messages about many imports that came at once, as one. */
import { humanCount } from '../human.js';
import type { Alert } from './alert.js';

/** Named, and for machines. */
const MAX_NAMED = 10;
const MAX_FACTS = 500;

/** The same for the same messages. */
export function together(alerts: readonly Alert[]): Alert {
  const [first, ...others] = alerts;
  if (others.length === 0) return first!;
  const more = alerts.length - MAX_NAMED;
  return {
    id: `${first!.id}+${others.length}`,
    event: 'import.several',
    title: `${humanCount(alerts.length)} imports need somebody.`,
    lines: [
      ...alerts
        .slice(0, MAX_NAMED)
        .map(({ title, lines }) => [title, ...lines.slice(0, 1)].join(' ')),
      ...(more > 0 ? [`... and ${humanCount(more)} more: kaggle-import status`] : []),
    ],
    facts: {
      count: alerts.length,
      imports: alerts.slice(0, MAX_FACTS).map(({ event, facts }) => ({ event, ...facts })),
    },
  };
}
