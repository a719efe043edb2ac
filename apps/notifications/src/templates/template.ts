import { DateTime } from 'luxon';
import type { Language } from '../preferences/preference';

/** A message as a resident reads it: plain text, lines apart. */
export interface Message {
  subject: string;
  text: string;
}

/** What the texts about a booking may use. */
export interface BookingWords {
  /** The resident's name, known only while sending. */
  name: string;
  offering: string;
  site: string;
  start: Date;
  end: Date;
  /** IANA zone of the site. */
  timeZone: string;
}

/** A text in every language. The type of `words` is the list of its parameters. */
export interface Template<W> {
  /** Stable; stands in the delivery log. */
  code: string;
  /** The event type that it answers. */
  eventType: string;
  /** When it is sent, for people. */
  about: string;
  write: Record<Language, (words: W) => Message>;
}

/** 2026年11月23日 星期一 11:00–12:30. */
export function whenInChinese({ start, end, timeZone }: BookingWords): string {
  return span(start, end, timeZone, 'zh-CN', 'yyyy年M月d日 cccc');
}

/** Monday 23 November 2026, 11:00–12:30. */
export function whenInEnglish({ start, end, timeZone }: BookingWords): string {
  return span(start, end, timeZone, 'en-GB', 'cccc d MMMM yyyy,');
}

function span(start: Date, end: Date, zone: string, locale: string, day: string): string {
  const [from, to] = [start, end].map((at) => DateTime.fromJSDate(at, { zone }).setLocale(locale));
  const last = from.hasSame(to, 'day') ? to.toFormat('HH:mm') : to.toFormat(`${day} HH:mm`);
  return `${from.toFormat(`${day} HH:mm`)}–${last}`;
}
