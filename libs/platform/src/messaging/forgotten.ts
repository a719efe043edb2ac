import { TOPICS } from '@doorstep/contracts';
import { INBOX_KEPT_MS } from './hygiene';
import type { IncomingMessage } from './fetched';

const HOUR_MS = 3_600_000;

const KEPT_FOR_EVER = new Set(
  TOPICS.filter(({ compacted, retentionMs }) => !compacted && retentionMs < 0).map(({ name }) => name),
);

/**
 * Whether a fact may have had its effect so long ago that the inbox has forgotten it: a group that lost its offsets would
 * have every fact that is kept for ever a second time. An hour early, because inbox rows are younger than their messages.
 */
export function mayBeForgotten(
  { topic, appendedAt }: Pick<IncomingMessage, 'topic' | 'appendedAt'>,
  now: number,
): boolean {
  return KEPT_FOR_EVER.has(topic) && appendedAt !== undefined && appendedAt < now - INBOX_KEPT_MS + HOUR_MS;
}
