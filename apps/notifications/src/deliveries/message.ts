import { type Language, languageOf, quietUntil } from '../preferences/preference';
import type { Contact, SealedTexts } from '../sealing/keyring';
import { type PaperWords, write, writePaper } from '../templates/catalogue';
import type { Message } from '../templates/template';
import type { Outcome } from './delivery';

/** What a delivery to a resident keeps of its event: enough to write the text, nothing personal. */
export interface BookingFacts {
  bookingId: string;
  siteId: string;
  offeringId: string;
  start: string;
  end: string;
  by?: 'resident' | 'operator' | 'system';
}

/** The same of an event about a document: its own words, and when it was told. */
export type PaperFacts = Omit<PaperWords, 'name' | 'operator'> & { at: string };

export interface Named {
  nameZh: string;
  nameEn: string | null;
}

/** What the read models know at the moment of sending; null is not known (yet). */
export interface Known {
  resident: { consent: boolean; erased: boolean; contact: SealedTexts | null } | null;
  preference: {
    enabled: boolean;
    language: string | null;
    quietFrom: string | null;
    quietTo: string | null;
  } | null;
  site: (Named & { timeZone: string }) | null;
  offering: Named | null;
  operator: { name: string } | null;
}

/** Everything that a text needs. */
export interface Sendable {
  contact: SealedTexts;
  language: string | null;
  site: Named & { timeZone: string };
  offering: Named;
}

export interface SendablePaper {
  contact: SealedTexts;
  language: string | null;
  operator: { name: string };
}

/** A document that was told of so long ago is no news any more. */
const PAPER_NEWS_MS = 14 * 86_400_000;
/** Documents belong to no site; all residents live by China's clock. */
const CHINA = 'Asia/Shanghai';

/** Whether a message about a booking may go now, and if not, what becomes of it. */
export function mayGo(known: Known, facts: BookingFacts, now: Date): Sendable | Outcome {
  const { site, offering } = known;
  const start = new Date(facts.start);
  const addressed = addressee(known, start, now);
  if ('kind' in addressed) return addressed;
  if (!site || !offering) return { kind: 'failed', reason: 'place_unknown' };
  return inQuietHours(known, now, site.timeZone, start) ?? { ...addressed, site, offering };
}

/** The same for a message about a document. */
export function mayPaperGo(known: Known, facts: PaperFacts, now: Date): SendablePaper | Outcome {
  const { operator } = known;
  const old = new Date(Date.parse(facts.at) + PAPER_NEWS_MS);
  const addressed = addressee(known, old, now);
  if ('kind' in addressed) return addressed;
  if (!operator) return { kind: 'failed', reason: 'operator_unknown' };
  return inQuietHours(known, now, CHINA, old) ?? { ...addressed, operator };
}

type Addressed = Pick<Sendable, 'contact' | 'language'>;

function addressee({ resident, preference }: Known, useless: Date, now: Date): Addressed | Outcome {
  if (resident?.erased) return { kind: 'suppressed', reason: 'erased' };
  if (resident && !resident.consent) return { kind: 'suppressed', reason: 'no_consent' };
  if (preference && !preference.enabled) return { kind: 'suppressed', reason: 'unsubscribed' };
  // Also keeps a rebuild from the topics' beginning from telling old stories.
  if (useless <= now) return { kind: 'suppressed', reason: 'too_late' };
  // Snapshots come by other topics than what is told, so they may be a moment behind.
  if (!resident) return { kind: 'failed', reason: 'resident_unknown' };
  if (!resident.contact) return { kind: 'suppressed', reason: 'no_contact' };
  return { contact: resident.contact, language: preference?.language ?? null };
}

function inQuietHours({ preference }: Known, now: Date, zone: string, useless: Date): Outcome | undefined {
  const quiet =
    preference?.quietFrom && preference.quietTo
      ? { from: preference.quietFrom, to: preference.quietTo }
      : undefined;
  const until = quietUntil(now, quiet, zone, useless);
  return until && { kind: 'deferred', until, reason: 'quiet_hours' };
}

/** The text, in the language that the resident set, else the one of the contact. */
export function compose(
  template: string,
  facts: BookingFacts,
  sendable: Sendable,
  contact: Contact,
): Message & { language: Language } {
  const language = languageOf(sendable.language, contact.language);
  const nameOf = ({ nameZh, nameEn }: Named) => (language === 'en' ? (nameEn ?? nameZh) : nameZh);
  const message = write(template, language, {
    name: contact.name,
    offering: nameOf(sendable.offering),
    site: nameOf(sendable.site),
    start: new Date(facts.start),
    end: new Date(facts.end),
    timeZone: sendable.site.timeZone,
    by: facts.by ?? 'system',
  });
  return { ...message, language };
}

export function composePaper(
  template: string,
  { at: _at, ...facts }: PaperFacts,
  sendable: SendablePaper,
  contact: Contact,
): Message & { language: Language } {
  const language = languageOf(sendable.language, contact.language);
  const words = { ...facts, name: contact.name, operator: sendable.operator.name };
  return { ...writePaper(template, language, words), language };
}
