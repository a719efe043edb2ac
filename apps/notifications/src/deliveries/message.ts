import { type Language, languageOf, quietUntil } from '../preferences/preference';
import type { Contact, SealedTexts } from '../sealing/keyring';
import { write } from '../templates/catalogue';
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
}

/** Everything that a text needs. */
export interface Sendable {
  contact: SealedTexts;
  language: string | null;
  site: Named & { timeZone: string };
  offering: Named;
}

/** Whether a message about a booking may go now, and if not, what becomes of it. */
export function mayGo(known: Known, facts: BookingFacts, now: Date): Sendable | Outcome {
  const { resident, preference, site, offering } = known;
  const start = new Date(facts.start);
  if (resident?.erased) return { kind: 'suppressed', reason: 'erased' };
  if (resident && !resident.consent) return { kind: 'suppressed', reason: 'no_consent' };
  if (preference && !preference.enabled) return { kind: 'suppressed', reason: 'unsubscribed' };
  // Also keeps a rebuild from the topics' beginning from telling old stories.
  if (start <= now) return { kind: 'suppressed', reason: 'too_late' };
  // Snapshots come by other topics than bookings, so they may be a moment behind.
  if (!resident) return { kind: 'failed', reason: 'resident_unknown' };
  if (!resident.contact) return { kind: 'suppressed', reason: 'no_contact' };
  if (!site || !offering) return { kind: 'failed', reason: 'place_unknown' };
  const quiet =
    preference?.quietFrom && preference.quietTo
      ? { from: preference.quietFrom, to: preference.quietTo }
      : undefined;
  const until = quietUntil(now, quiet, site.timeZone, start);
  if (until) return { kind: 'deferred', until, reason: 'quiet_hours' };
  return { contact: resident.contact, language: preference?.language ?? null, site, offering };
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
