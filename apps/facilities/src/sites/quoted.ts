/** Text that ends a part of a cell: in quotes where it has a semicolon, quotes or blanks at its ends. */
export const TEXT = String.raw`"(?:[^"]|"")*"|[^;"][^;]*?`;

export function quoted(text: string): string {
  return /[;"]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}
