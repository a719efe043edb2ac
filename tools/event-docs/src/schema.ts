/** The part of JSON Schema (draft-07) that event schemas use. */
export interface Schema {
  $schema?: string;
  $id?: string;
  title?: string;
  description?: string;
  type?: string;
  format?: string;
  pattern?: string;
  enum?: readonly (string | number | boolean)[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  /** Where the event travels, kept in the schema so that a change of it shows as a change of the contract. */
  'x-topic'?: string;
  /** The field that is the message key. */
  'x-key'?: string;
  /** Bounds and anything else that a validator decorator brings. */
  [keyword: string]: unknown;
}

/** AsyncAPI 3.0's own schema object is a superset of draft-07, so one dialect serves both documents. */
export const DIALECT = 'http://json-schema.org/draft-07/schema#';
export const SCHEMA_BASE = 'https://doorstep.dev/events/';
