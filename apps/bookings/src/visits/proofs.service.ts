import { Injectable } from '@nestjs/common';
import { distanceM, DomainError, locate, newId, type SourcePoint } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { jwtVerify, SignJWT } from 'jose';
import type { BookingRow } from '../bookings/bookings.queries';
import { Homes } from '../residents/homes.service';
import { ResidentKeys } from '../residents/resident-keys.service';
import type { VisitRule } from './signals';

const ALGORITHM = 'HS256';
const ISSUER = 'doorstep-visits';

/** What somebody at the door gives as proof; the code is tried elsewhere, because wrong ones are counted. */
export interface Given {
  code?: string;
  qr?: string;
  position?: SourcePoint;
  deviceId?: string;
}

/** What it proves, and what is kept of it. */
export interface Proved {
  proofs: string[];
  /** From the home; null without a position or a known home. Never the position itself. */
  metres: number | null;
  qr: string | null;
  device: Buffer | null;
}

/** QR codes that the client shows, positions, devices. */
@Injectable()
export class Proofs {
  constructor(
    private readonly keys: ResidentKeys,
    private readonly homes: Homes,
  ) {}

  /** A code to show to the carer: signed, for one visit, for a short time, good for one step. */
  async qrOf(bookingId: string, now: Date, seconds: number): Promise<{ qr: string; expiresAt: Date }> {
    const issued = Math.floor(now.getTime() / 1000);
    const qr = await new SignJWT({})
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setSubject(bookingId)
      .setJti(newId(now.getTime()))
      .setIssuedAt(issued)
      .setExpirationTime(issued + seconds)
      .sign(this.keys.ring.visitQr);
    return { qr, expiresAt: new Date((issued + seconds) * 1000) };
  }

  /** Looks at what was given, at the time that counts; what is wrong is a refusal. */
  async look(tx: Tx, row: BookingRow, given: Given, rule: VisitRule, at: Date): Promise<Proved> {
    const qr = given.qr === undefined ? null : await this.checkQr(given.qr, row.id, at);
    const metres = given.position ? await this.metresFromHome(tx, row.residentId, given.position) : null;
    const proofs = [
      ...(given.code !== undefined ? ['code'] : []),
      ...(qr !== null ? ['qr'] : []),
      ...(metres !== null && metres <= rule.fenceMetres ? ['position'] : []),
    ];
    const device = given.deviceId ? this.deviceOf(row.operatorId, given.deviceId) : null;
    return { proofs, metres, qr, device };
  }

  deviceOf(operatorId: string, deviceId: string): Buffer {
    return this.keys.ring.blindIndex(operatorId, 'device', deviceId);
  }

  /** The id of a QR code that is right. */
  private async checkQr(qr: string, bookingId: string, at: Date): Promise<string> {
    const payload = await jwtVerify(qr, this.keys.ring.visitQr, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      currentDate: at,
      // What a device noted offline is looked at by the device's clock, which may be behind ours.
      clockTolerance: 120,
      requiredClaims: ['sub', 'jti', 'exp'],
    }).then(
      (verified) => verified.payload,
      (error: { code?: string }) => {
        throw error.code === 'ERR_JWT_EXPIRED' ? qrExpired() : qrInvalid();
      },
    );
    if (payload.sub !== bookingId) throw qrInvalid();
    return payload.jti as string;
  }

  private async metresFromHome(tx: Tx, residentId: string, position: SourcePoint): Promise<number | null> {
    const point = locate(position, 'position');
    const home = await this.homes.pointOf(tx, residentId);
    return home ? Math.min(Math.round(distanceM(point, home)), 40_000_000) : null;
  }
}

/** A check-in needs one proof at least. */
export function assertProved({ proofs, metres }: Proved, given: Given, rule: VisitRule): void {
  if (proofs.length > 0) return;
  if (given.position && metres !== null) {
    throw new DomainError(
      'conflict',
      'outside_fence',
      `The position is ${metres} m from the client's home.`,
      {
        field: 'position',
        mend: `Check in within ${rule.fenceMetres} m, or with the client's code.`,
        metres,
        fenceMetres: rule.fenceMetres,
      },
    );
  }
  if (given.position) {
    throw new DomainError('conflict', 'home_unknown', "The client's home is not known by its position.", {
      field: 'position',
      mend: "Check in with the client's code; PUT /v1/residents/{id}/home notes where it is.",
    });
  }
  throw new DomainError('invalid', 'proof_missing', 'Nothing shows that the carer is there.', {
    mend: "Give the client's code, their QR code, or the position.",
  });
}

export function qrUsed(): DomainError {
  return new DomainError('conflict', 'qr_used', 'This QR code was used for the check-in.', {
    field: 'qr',
    mend: 'Ask the client to show a new one.',
  });
}

function qrExpired(): DomainError {
  return new DomainError('invalid', 'qr_expired', 'This QR code counts no more.', {
    field: 'qr',
    mend: 'Ask the client to show a new one.',
  });
}

function qrInvalid(): DomainError {
  return new DomainError('invalid', 'qr_invalid', 'This is not a QR code of this visit.', {
    field: 'qr',
    mend: 'Scan what the front-end of this client shows.',
  });
}
