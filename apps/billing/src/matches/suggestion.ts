import type { Day, Fen } from '@doorstep/kernel';

/*
 * How likely a line of a statement and something expected belong together. A suggestion is never applied by itself until
 * people have confirmed its pattern often enough: the same kind of money from the same counterparty for the same reasons.
 */

/** A line and something expected that look alike. */
export interface Candidate {
  lineId: number;
  expectedId: string;
  kind: string;
  lineFen: Fen;
  /** What is still open of it. */
  expectedFen: Fen;
  bookedOn: Day;
  day: Day;
  counterparty: string;
  text: string;
  party: string;
  reference: string;
}

export interface Reason {
  feature: 'amount' | 'day' | 'name' | 'reference';
  points: number;
  why: string;
}

export interface Suggestion extends Candidate {
  score: number;
  reasons: Reason[];
  pattern: string;
}

/** Below this, nothing is suggested: an amount alone proves nothing. */
export const SCORE_MIN = 50;

const REFERENCE_PART_MIN = 6;

export function scored(candidate: Candidate): Suggestion {
  const reasons = [amount(candidate), day(candidate), name(candidate), reference(candidate)].filter(
    (reason): reason is Reason => reason !== undefined,
  );
  const score = reasons.reduce((sum, { points }) => sum + points, 0);
  const features = reasons.map(({ feature }) => feature).join('+');
  const pattern = `${candidate.kind} | ${plain(candidate.counterparty)} | ${features}`;
  return { ...candidate, score, reasons, pattern };
}

function amount({ lineFen, expectedFen }: Candidate): Reason | undefined {
  if (lineFen === expectedFen) return { feature: 'amount', points: 45, why: 'the amounts are the same' };
  return undefined;
}

function day({ bookedOn, day: due }: Candidate): Reason | undefined {
  const apart = Math.round((Date.parse(bookedOn) - Date.parse(due)) / 86_400_000);
  if (apart < 0 || apart > 30) return undefined;
  if (apart <= 7) return { feature: 'day', points: 15, why: `booked ${apart} days after it was due` };
  return { feature: 'day', points: 5, why: `booked ${apart} days after it was due` };
}

function name({ counterparty, text, party }: Candidate): Reason | undefined {
  const sought = plain(party);
  if (sought.length < 2) return undefined;
  if (plain(counterparty) === sought) return { feature: 'name', points: 25, why: `it is from ${party}` };
  if (plain(`${counterparty} ${text}`).includes(sought))
    return { feature: 'name', points: 20, why: `it names ${party}` };
  return undefined;
}

/** Whether a good part of the number stands in the text, mistyped or cut off as people and banks do. */
function reference({ text, reference: number }: Candidate): Reason | undefined {
  const [haystack, sought] = [plain(text), plain(number)];
  for (let length = sought.length; length >= REFERENCE_PART_MIN; length--) {
    for (let at = 0; at + length <= sought.length; at++) {
      const part = sought.slice(at, at + length);
      if (!haystack.includes(part)) continue;
      return {
        feature: 'reference',
        points: length === sought.length ? 30 : 15,
        why: `it carries ${part} of ${number}`,
      };
    }
  }
  return undefined;
}

function plain(text: string): string {
  return text.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

export interface Pattern {
  confirmed: number;
  declined: number;
}

/** Suggestions of one line that people get to see. */
export const SUGGESTED_MAX = 20;

/**
 * What of some lines' look-alikes is likely: to be applied where its pattern has been confirmed often enough and nothing
 * else is as likely, the rest to be suggested. `candidates` has all that looks like one of the lines.
 */
export function ranked(
  candidates: readonly Candidate[],
  patterns: ReadonlyMap<string, Pattern>,
  confirmationsNeeded: number,
): { suggest: Suggestion[]; apply: Suggestion[] } {
  const likely = likelyOf(candidates);
  const known = likely.filter(({ pattern, lineFen, expectedFen }) => {
    const { confirmed = 0, declined = 0 } = patterns.get(pattern) ?? {};
    return lineFen === expectedFen && confirmed >= confirmationsNeeded && declined === 0;
  });
  const { apply } = uncontested(known, likely);
  const applied = new Set(apply);
  const shown = new Map<number, number>();
  const suggest = likely.filter((suggestion) => {
    if (applied.has(suggestion)) return false;
    const before = shown.get(suggestion.lineId) ?? 0;
    shown.set(suggestion.lineId, before + 1);
    return before < SUGGESTED_MAX;
  });
  return { apply, suggest };
}

/** Which of them have nothing as likely beside them, of the same line or the same expectation; the others are for people. */
export function uncontested(
  suggestions: readonly Suggestion[],
  rivals: readonly Candidate[],
): { apply: Suggestion[]; contested: Suggestion[] } {
  const beside = new Map<string | number, Suggestion[]>();
  for (const rival of likelyOf(rivals)) {
    for (const id of [rival.lineId, rival.expectedId]) {
      const rivalsOfOne = beside.get(id);
      if (rivalsOfOne) rivalsOfOne.push(rival);
      else beside.set(id, [rival]);
    }
  }
  const isContested = ({ lineId, expectedId, score }: Suggestion): boolean =>
    [...(beside.get(lineId) ?? []), ...(beside.get(expectedId) ?? [])].some(
      (rival) => !(rival.lineId === lineId && rival.expectedId === expectedId) && rival.score >= score,
    );
  return {
    apply: suggestions.filter((suggestion) => !isContested(suggestion)),
    contested: suggestions.filter(isContested),
  };
}

/** The likeliest first. */
function likelyOf(candidates: readonly Candidate[]): Suggestion[] {
  return candidates
    .map(scored)
    .filter(({ score }) => score >= SCORE_MIN)
    .sort((a, b) => b.score - a.score || a.lineId - b.lineId || (a.expectedId < b.expectedId ? -1 : 1));
}
