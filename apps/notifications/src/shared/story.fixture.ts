import { randomBytes } from 'node:crypto';
import {
  BookingCancelled,
  BookingConfirmed,
  event,
  InvoiceIssued,
  OfferingSnapshot,
  OrganisationSnapshot,
  ResidentSnapshot,
  SiteSnapshot,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import type { Contact } from '../sealing/keyring';
import { seal } from '../sealing/sealed';

/** For specs: one operator with a site, a lunch and its residents, as the other services would tell of them. */
export class Story {
  readonly operatorId = newId();
  readonly siteId = newId();
  readonly offeringId = newId();
  /** Base64, for CONTACT_KEY. */
  readonly contactKey = randomBytes(32).toString('base64');

  constructor(private readonly at = '2026-11-20T06:00:00.000Z') {}

  operator(): OrganisationSnapshot {
    const { operatorId, at } = this;
    return event(OrganisationSnapshot, {
      ...{ operatorId, organisationId: operatorId, kind: 'operator', name: '邻里社区服务', version: 1, at },
    });
  }

  invoice(residentId: string): InvoiceIssued {
    const { operatorId, at } = this;
    return event(InvoiceIssued, {
      ...{ operatorId, residentId, invoiceId: newId(), contractId: newId(), version: 2, at },
      ...{
        number: 'INV-2026-000017',
        period: '2026-11',
        amountFen: 4800,
        openFen: 3200,
        dueOn: '2026-12-15',
      },
    });
  }

  site(): SiteSnapshot {
    return event(SiteSnapshot, {
      operatorId: this.operatorId,
      version: 1,
      at: this.at,
      siteId: this.siteId,
      code: 'GZL-01',
      nameZh: '贵州路社区综合体',
      nameEn: 'Guizhou Road Complex',
      regionCode: '310101002003',
      status: 'operating',
      lng: 121.4738,
      lat: 31.2366,
      timeZone: 'Asia/Shanghai',
      openingHours: [],
      openingExceptions: [],
    });
  }

  offering(): OfferingSnapshot {
    return event(OfferingSnapshot, {
      operatorId: this.operatorId,
      version: 1,
      at: this.at,
      offeringId: this.offeringId,
      siteId: this.siteId,
      code: 'LUNCH',
      nameZh: '社区午餐',
      nameEn: 'Community lunch',
      kind: 'meals',
      mode: 'session',
      delivery: 'on_site',
      capacityModel: 'seats',
      capacity: 50,
      skills: [],
      schedule: [],
      leadMinutes: 0,
      cutoffMinutes: 0,
      bufferMinutes: 0,
      active: true,
    });
  }

  /** @param contact sealed as bookings does it, under `contactKey` or another */
  resident(
    residentId: string,
    contact: Contact | undefined,
    changes: Partial<ResidentSnapshot> = {},
    contactKey = this.contactKey,
  ): ResidentSnapshot {
    const ownKey = randomBytes(32);
    const sealed = contact && {
      keyId: 'test',
      wrappedKey: seal(Buffer.from(contactKey, 'base64'), ownKey).toString('base64'),
      sealed: seal(ownKey, Buffer.from(JSON.stringify(contact))).toString('base64'),
    };
    return event(ResidentSnapshot, {
      operatorId: this.operatorId,
      version: 1,
      at: this.at,
      residentId,
      birthDate: '1944-05-12',
      regionCode: '310101002003',
      hardship: false,
      disability: false,
      subsidyConsent: true,
      notificationConsent: true,
      erased: false,
      ...(sealed && { contact: sealed }),
      ...changes,
    });
  }

  confirmed(residentId: string, changes: Partial<BookingConfirmed> = {}): BookingConfirmed {
    return event(BookingConfirmed, { ...this.booking(residentId), ...changes });
  }

  cancelled(residentId: string, changes: Partial<BookingCancelled> = {}): BookingCancelled {
    return event(BookingCancelled, {
      ...this.booking(residentId),
      by: 'operator',
      reason: 'water pipe',
      ...changes,
    });
  }

  private booking(residentId: string) {
    return {
      operatorId: this.operatorId,
      version: 2,
      at: this.at,
      bookingId: newId(),
      contractId: newId(),
      siteId: this.siteId,
      offeringId: this.offeringId,
      residentId,
      kind: 'meals',
      mode: 'session' as const,
      regionCode: '310101002003',
      start: '2026-11-23T03:00:00.000Z',
      end: '2026-11-23T04:30:00.000Z',
      serviceDay: '2026-11-23',
      partySize: 1,
    };
  }
}
