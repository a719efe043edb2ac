import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';

/*
 * A4 pages as an accountant likes them: a title block, facts in two columns, tables whose heading repeats on every page and
 * whose amounts stand right-aligned, sums under a rule, and "page n of m" at the foot. Noto Sans Hans is embedded as a subset,
 * so Chinese prints anywhere.
 */

/** Beside the package's code, which is `dist/index.cjs`. */
const FONTS = join(dirname(require.resolve('@embedpdf/fonts-sc')), '..', 'fonts');

const PAGE = { left: 48, right: 48, top: 48, bottom: 56 };
const ROWS_AT_A_TIME = 25;
const INK = '#1a1a1a';
const GREY = '#6b7280';
const RULE = '#c4c9d1';
const BAND = '#f3f5f8';

export interface Column<R> {
  title: string;
  /** Share of the page's width; all of a table's sum to 1. */
  share: number;
  align?: 'left' | 'right';
  value: (row: R) => string;
}

export interface Fact {
  label: string;
  value: string;
}

/** Rows of one page are laid out before they are drawn, so nothing is cut in the middle. */
export class Paper {
  private readonly doc: PDFKit.PDFDocument;
  private readonly chunks: Buffer[] = [];

  constructor(
    private readonly footer: { left: string; page: (n: number, of: number) => string },
    info: { title: string; author: string; at: Date; landscape?: boolean; size?: 'A4' | 'A3' },
  ) {
    this.doc = new PDFDocument({
      size: info.size ?? 'A4',
      layout: info.landscape ? 'landscape' : 'portrait',
      margins: { top: PAGE.top, bottom: PAGE.bottom, left: PAGE.left, right: PAGE.right },
      bufferPages: true,
      info: { Title: info.title, Author: info.author, CreationDate: info.at, ModDate: info.at },
    });
    this.doc.registerFont('plain', join(FONTS, 'NotoSansHans-Regular.otf'));
    this.doc.registerFont('bold', join(FONTS, 'NotoSansHans-Bold.otf'));
    this.doc.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    this.font('plain', 9.5);
  }

  private get width(): number {
    return this.doc.page.width - PAGE.left - PAGE.right;
  }

  /** Where the last line of a page may end. */
  private get bottom(): number {
    return this.doc.page.height - PAGE.bottom;
  }

  /** Issuer on the left, what it is on the right. */
  heading({
    issuer,
    sub,
    title,
    number,
  }: {
    issuer: string;
    sub: string;
    title: string;
    number: string;
  }): void {
    const { doc } = this;
    const half = this.width / 2 - 8;
    this.font('bold', 11).text(issuer, PAGE.left, PAGE.top, { width: half });
    this.font('plain', 8.5, GREY).text(sub, { width: half, lineGap: 2 });
    const below = doc.y;
    this.font('bold', 20).text(title, PAGE.left + this.width / 2, PAGE.top - 6, {
      width: this.width / 2,
      align: 'right',
    });
    this.font('plain', 10, GREY).text(number, { width: this.width / 2, align: 'right' });
    doc.y = Math.max(below, doc.y) + 10;
    this.rule(1);
    doc.y += 12;
  }

  /** Label and value in two columns, read down and then across. */
  facts(facts: readonly Fact[]): void {
    const { doc } = this;
    const half = Math.ceil(facts.length / 2);
    const top = doc.y;
    let bottom = top;
    facts.forEach(({ label, value }, index) => {
      const x = PAGE.left + (index < half ? 0 : this.width / 2);
      if (index === half) doc.y = top;
      const y = doc.y;
      this.font('plain', 8, GREY).text(label, x, y + 1, { width: 66 });
      this.font('plain', 8.8).text(value, x + 68, y, { width: this.width / 2 - 72 });
      doc.y = Math.max(doc.y, y + 14) + 2;
      bottom = Math.max(bottom, doc.y);
    });
    doc.x = PAGE.left;
    doc.y = bottom + 10;
  }

  section(title: string): void {
    this.room(70);
    this.font('bold', 11).text(title, PAGE.left, this.doc.y, { width: this.width });
    this.doc.y += 5;
  }

  paragraph(text: string, { grey = false, gap = 10 } = {}): void {
    this.room(30);
    this.font('plain', 9, grey ? GREY : INK).text(text, PAGE.left, this.doc.y, {
      width: this.width,
      lineGap: 3,
    });
    this.doc.y += gap;
  }

  /**
   * @param keepWith height of what belongs under the last row, so that sums never stand alone on a page
   * @param sums last row, in bold
   */
  async table<R>(
    columns: readonly Column<R>[],
    rows: readonly R[],
    keepWith = 0,
    sums?: readonly string[],
  ): Promise<void> {
    const places = placesOf(columns, this.width);
    this.room(56);
    this.tableHead(columns, places);
    let odd = false;
    for (const [index, row] of rows.entries()) {
      // Setting type is work for the processor: others get their turn in between.
      if (index % ROWS_AT_A_TIME === ROWS_AT_A_TIME - 1) await new Promise(setImmediate);
      const cells = columns.map(({ value }) => value(row));
      const height = this.heightOf(cells, places) + 7;
      const below = index === rows.length - 1 ? keepWith : 0;
      if (this.doc.y + height + below > this.bottom) {
        this.doc.addPage();
        this.tableHead(columns, places);
        odd = false;
      }
      if (odd) this.doc.rect(PAGE.left, this.doc.y, this.width, height).fill(BAND);
      this.row(columns, places, cells, height);
      odd = !odd;
    }
    this.rule(0.6);
    if (sums) {
      const height = this.heightOf(sums, places, 'bold') + 7;
      this.room(height);
      this.row(columns, places, sums, height, 'bold');
    }
    this.doc.y += 8;
  }

  /** Sums at the right margin, the last in bold. */
  sums(sums: readonly Fact[]): void {
    this.room(18 * sums.length + 8);
    sums.forEach(({ label, value }, index) => {
      const last = index === sums.length - 1;
      const y = this.doc.y;
      const left = PAGE.left + this.width * 0.45;
      if (last && sums.length > 1) {
        this.line(left, y - 1, PAGE.left + this.width, 0.8);
      }
      const weight = last ? 'bold' : 'plain';
      const size = last ? 11 : 9.5;
      this.font(weight, size).text(label, left, y + 3, { width: this.width * 0.33 });
      this.font(weight, size).text(value, left, y + 3, { width: this.width * 0.55, align: 'right' });
      this.doc.y = y + (last ? 22 : 17);
    });
    this.doc.x = PAGE.left;
    this.doc.y += 8;
  }

  page(): void {
    this.doc.addPage();
  }

  /** Finishes the file: the feet are written once the number of pages is known. */
  async bytes(): Promise<Buffer> {
    const { count } = this.doc.bufferedPageRange();
    for (let index = 0; index < count; index++) {
      this.doc.switchToPage(index);
      // Below the margin, where text would begin another page.
      this.doc.page.margins.bottom = 0;
      const y = this.doc.page.height - 36;
      this.line(PAGE.left, y - 8, PAGE.left + this.width, 0.4);
      this.font('plain', 7.5, GREY).text(this.footer.left, PAGE.left, y, {
        width: this.width * 0.75,
        lineBreak: false,
      });
      this.font('plain', 7.5, GREY).text(this.footer.page(index + 1, count), PAGE.left, y, {
        width: this.width,
        align: 'right',
        lineBreak: false,
      });
    }
    const ended = new Promise<void>((resolve) => this.doc.once('end', resolve));
    this.doc.end();
    await ended;
    return Buffer.concat(this.chunks);
  }

  private tableHead<R>(columns: readonly Column<R>[], places: readonly Place[]): void {
    this.rule(0.8);
    this.font('bold', 8);
    const height =
      this.heightOf(
        columns.map(({ title }) => title),
        places,
        'bold',
        8,
      ) + 8;
    const y = this.doc.y;
    columns.forEach(({ title, align }, index) => {
      const { x, width } = places[index];
      this.font('bold', 8).text(title, x, y + 4, { width, align });
    });
    this.doc.y = y + height;
    this.rule(0.6);
  }

  private row<R>(
    columns: readonly Column<R>[],
    places: readonly Place[],
    cells: readonly string[],
    height: number,
    weight: 'plain' | 'bold' = 'plain',
  ): void {
    const { y } = this.doc;
    cells.forEach((cell, index) => {
      const { x, width } = places[index];
      this.font(weight, 8.5).text(cell, x, y + 4, { width, align: columns[index].align });
    });
    this.doc.x = PAGE.left;
    this.doc.y = y + height;
  }

  private heightOf(
    cells: readonly string[],
    places: readonly Place[],
    weight: 'plain' | 'bold' = 'plain',
    size = 8.5,
  ): number {
    this.font(weight, size);
    return Math.max(
      ...cells.map((cell, index) => this.doc.heightOfString(cell || ' ', { width: places[index].width })),
    );
  }

  /** Begins a page when less than so much is left on this one. */
  private room(height: number): void {
    if (this.doc.y + height > this.bottom) this.doc.addPage();
  }

  private rule(width: number): void {
    this.line(PAGE.left, this.doc.y, PAGE.left + this.width, width);
  }

  private line(x1: number, y: number, x2: number, width: number): void {
    this.doc.moveTo(x1, y).lineTo(x2, y).lineWidth(width).strokeColor(RULE).stroke();
  }

  private font(weight: 'plain' | 'bold', size: number, colour = INK): PDFKit.PDFDocument {
    return this.doc.font(weight).fontSize(size).fillColor(colour);
  }
}

interface Place {
  x: number;
  width: number;
}

function placesOf<R>(columns: readonly Column<R>[], pageWidth: number): Place[] {
  let x = PAGE.left;
  return columns.map(({ share }) => {
    const place = { x: x + 3, width: share * pageWidth - 6 };
    x += share * pageWidth;
    return place;
  });
}
