import type { Outcome } from '../deliveries/delivery';
import type { Contact } from '../sealing/keyring';
import type { Language } from '../preferences/preference';

/** A message that is ready to leave. */
export interface Mail {
  /** The delivery's id: the same on every attempt, so that the receiver knows a repeat by it. */
  id: string;
  to: Contact;
  language: Language;
  subject: string;
  text: string;
  at: Date;
}

/** A way to residents. Which one is in use is decided at start: mail server if there is one, else the file sink. */
export abstract class MessageChannel {
  abstract readonly channel: 'email' | 'file';
  /** Never throws for what the other side does: that is an outcome. */
  abstract send(mail: Mail): Promise<Outcome>;
}
