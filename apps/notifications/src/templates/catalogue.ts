import { LANGUAGES, type Language } from '../preferences/preference';
import { bookingCancelled, type CancelledWords } from './booking-cancelled';
import { bookingConfirmed } from './booking-confirmed';
import { bookingDeclined } from './booking-declined';
import { bookingExpired } from './booking-expired';
import type { Message, Template } from './template';

/** Every template. All are about bookings so far, and the cancelled one asks for the most words. */
export const TEMPLATES: readonly Template<CancelledWords>[] = [
  bookingConfirmed,
  bookingDeclined,
  bookingCancelled,
  bookingExpired,
];

const byCode = new Map(TEMPLATES.map((template) => [template.code, template]));
const byEvent = new Map(TEMPLATES.map((template) => [template.eventType, template]));

/** Code of the template that answers an event type; undefined when residents aren't told of it. */
export function templateOfEvent(eventType: string): string | undefined {
  return byEvent.get(eventType)?.code;
}

/** @throws when no template has this code: codes come from our own rows */
export function write(code: string, language: Language, words: CancelledWords): Message {
  const template = byCode.get(code);
  if (!template) throw new Error(`there is no template ${code}`);
  return template.write[language](words);
}

const SAMPLE_WORDS: Record<Language, CancelledWords> = {
  'zh-CN': { ...sampleBooking(), name: '王秀英', offering: '社区午餐', site: '贵州路社区综合体' },
  en: { ...sampleBooking(), name: 'Wang Xiuying', offering: 'Community lunch', site: 'Guizhou Road Complex' },
};

/** How a template reads, with made-up words, in every language. */
export function samplesOf(template: Template<CancelledWords>): (Message & { language: Language })[] {
  return LANGUAGES.map((language) => ({ language, ...template.write[language](SAMPLE_WORDS[language]) }));
}

function sampleBooking() {
  return {
    start: new Date('2026-11-23T03:00:00Z'),
    end: new Date('2026-11-23T04:30:00Z'),
    timeZone: 'Asia/Shanghai',
    by: 'operator' as const,
  };
}
