/**
 * The tax platform as billing sees it: an extension point. Another platform (a tax bureau's interface, a provider) is
 * another class that extends this one and is provided under its token in `fapiao.module.ts`; nothing else changes.
 *
 * Both operations may be repeated: billing hands over and collects at least once, and the fapiao's id names the case. An
 * answer is forgotten only after `done`, which billing calls when the answer is committed.
 */
export abstract class FapiaoPlatform {
  /** Hands a request over; resolves when the platform has it for sure. */
  abstract submit(request: FapiaoRequest): Promise<void>;
  /** Answers that have come since; at most `limit`. */
  abstract answers(limit: number): Promise<FapiaoAnswer[]>;
  /** The answer is taken over and needn't be given again. */
  abstract done(answer: FapiaoAnswer): Promise<void>;
}

export interface FapiaoRequest {
  id: string;
  operatorId: string;
  colour: 'blue' | 'red';
  invoiceNumber: string;
  /** Yuan with two decimals; below zero on a red one. */
  amountYuan: string;
  buyerTitle: string;
  buyerTaxNo: string | null;
  content: string;
  /** Of a red one: the number of the blue one that it takes back. */
  reversesNumber: string | null;
  reason: string | null;
}

export type FapiaoAnswer = { id: string; handle: string } & (
  | { outcome: 'issued'; fapiaoNumber: string; issuedOn: string }
  | { outcome: 'rejected'; reason: string }
  /** It can't be read; it is set aside with the reason. */
  | { outcome: 'unreadable'; reason: string }
);
