import { DateTime } from 'luxon';

/** Languages that every template speaks; the first is the default. */
export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Ways to reach a resident that may be set apart. The file sink stands in for e-mail and follows its preference. */
export const RESIDENT_CHANNELS = ['email'] as const;
export type ResidentChannel = (typeof RESIDENT_CHANNELS)[number];

/** Wall-clock times of the site; `to` at or before `from` means the next morning. */
export interface QuietHours {
  /** `HH:MM`. */
  from: string;
  to: string;
}

/** The first language that we speak among what is asked for: `en-GB` finds `en`, `zh-Hans` finds `zh-CN`. */
export function languageOf(...wishes: (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const [primary] = (wish ?? '').toLowerCase().split(/[-_]/);
    const found = LANGUAGES.find((language) => language.split('-')[0] === primary);
    if (found) return found;
  }
  return LANGUAGES[0];
}

/**
 * When a message may go: now, or when the quiet hours are over.
 *
 * @param zone IANA zone in which the quiet hours are meant
 * @param useless the instant from which the message says nothing any more; it rather wakes somebody than comes after it
 */
export function quietUntil(
  now: Date,
  quiet: QuietHours | undefined,
  zone: string,
  useless: Date,
): Date | undefined {
  if (!quiet || quiet.from === quiet.to) return undefined;
  const local = DateTime.fromJSDate(now, { zone });
  const at = local.toFormat('HH:mm');
  const overnight = quiet.to < quiet.from;
  const inside = overnight ? at >= quiet.from || at < quiet.to : at >= quiet.from && at < quiet.to;
  if (!inside) return undefined;
  const [hour, minute] = quiet.to.split(':').map(Number);
  const endsToday = local.set({ hour, minute, second: 0, millisecond: 0 });
  const ends = endsToday > local ? endsToday : endsToday.plus({ days: 1 });
  const until = ends.toJSDate();
  return until < useless ? until : undefined;
}
