import { sha256Hex } from '@doorstep/kernel';

/** An id made of what it stands for: the same text is the same id. A UUID of version 8 (RFC 9562 §5.8) from SHA-256. */
export function idMadeOf(text: string): string {
  const hex = sha256Hex(text);
  const variant = ((parseInt(hex[16], 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
