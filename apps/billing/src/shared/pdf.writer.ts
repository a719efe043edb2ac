import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';

/*
 * Pages for people: A4, Chinese fonts, a heading and a page number on each. What stands on them is the caller's.
 */
const FONTS = join(dirname(require.resolve('@embedpdf/fonts-sc')), '..', 'fonts');
const [REGULAR, BOLD] = [join(FONTS, 'NotoSansHans-Regular.otf'), join(FONTS, 'NotoSansHans-Medium.otf')];

export const MARGIN = 40;
const FOOT_POINTS = 24;

export interface Page {
  title: string;
  /** Whose and of which time. */
  subtitle: string;
  landscape?: boolean;
}

export type Pdf = InstanceType<typeof PDFDocument>;

/** A document of which each page has its heading; `draw` fills it from `MARGIN` down to `bottomOf`. */
export async function pdfOf(
  { title, subtitle, landscape = false }: Page,
  draw: (pdf: Pdf) => void,
): Promise<Buffer> {
  const pdf = new PDFDocument({
    ...{ size: 'A4', layout: landscape ? 'landscape' : 'portrait', margin: MARGIN, bufferPages: true },
    info: { Title: title, Subject: subtitle, Producer: 'Doorstep' },
  });
  pdf.registerFont('regular', REGULAR);
  pdf.registerFont('bold', BOLD);
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  const heading = (): void => {
    pdf.font('bold').fontSize(15).fillColor('#111').text(title, MARGIN, MARGIN, { lineBreak: false });
    pdf
      .font('regular')
      .fontSize(9)
      .fillColor('#555')
      .text(subtitle, MARGIN, MARGIN + 22, { lineBreak: false });
    pdf.fillColor('#111');
    pdf.y = MARGIN + 44;
  };
  heading();
  pdf.on('pageAdded', heading);
  draw(pdf);
  numberPages(pdf);
  pdf.end();
  await ended;
  return Buffer.concat(chunks);
}

/** Where the last line of a page may end. */
export function bottomOf(pdf: Pdf): number {
  return pdf.page.height - MARGIN - FOOT_POINTS;
}

function numberPages(pdf: Pdf): void {
  const { count } = pdf.bufferedPageRange();
  for (let i = 0; i < count; i++) {
    pdf.switchToPage(i);
    // Below the margin pdfkit would begin a new page.
    pdf.page.margins.bottom = 0;
    pdf
      .font('regular')
      .fontSize(8)
      .fillColor('#777')
      .text(`${i + 1} / ${count}`, MARGIN, pdf.page.height - MARGIN, {
        width: pdf.page.width - 2 * MARGIN,
        align: 'right',
        lineBreak: false,
      });
  }
}

export interface PdfColumn {
  title: string;
  /** Share of the page's width. */
  weight: number;
  align: 'left' | 'right';
}

const ROW_PADDING = 3;
const FONT_SIZE = 8.5;

/** A table that goes on over pages, its head on each; the last rows may be sums. */
export function drawTable(
  pdf: Pdf,
  columns: readonly PdfColumn[],
  rows: readonly string[][],
  sums: readonly string[][] = [],
): void {
  const width = pdf.page.width - 2 * MARGIN;
  const whole = columns.reduce((sum, { weight }) => sum + weight, 0);
  const widths = columns.map(({ weight }) => (width * weight) / whole);
  const rowHeight = (cells: readonly string[]): number =>
    Math.max(
      ...cells.map((cell, i) => pdf.heightOfString(cell || ' ', { width: widths[i] - 2 * ROW_PADDING })),
    ) +
    2 * ROW_PADDING;
  const drawRow = (cells: readonly string[], font: 'regular' | 'bold', shade?: string): void => {
    pdf.font(font).fontSize(FONT_SIZE);
    const height = rowHeight(cells);
    if (pdf.y + height > bottomOf(pdf)) {
      pdf.addPage();
      if (font === 'regular' || !shade)
        drawRow(
          columns.map(({ title }) => title),
          'bold',
          '#eee',
        );
      pdf.font(font).fontSize(FONT_SIZE);
    }
    const top = pdf.y;
    if (shade) pdf.rect(MARGIN, top, width, height).fill(shade).fillColor('#111');
    let left = MARGIN;
    cells.forEach((cell, i) => {
      pdf.text(cell, left + ROW_PADDING, top + ROW_PADDING, {
        width: widths[i] - 2 * ROW_PADDING,
        align: columns[i].align,
      });
      left += widths[i];
    });
    pdf
      .moveTo(MARGIN, top + height)
      .lineTo(MARGIN + width, top + height)
      .lineWidth(0.3)
      .strokeColor('#bbb')
      .stroke();
    pdf.y = top + height;
  };
  drawRow(
    columns.map(({ title }) => title),
    'bold',
    '#eee',
  );
  for (const row of rows) drawRow(row, 'regular');
  for (const row of sums) drawRow(row, 'bold');
}
