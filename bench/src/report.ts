import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';
import Table from 'cli-table3';
import type { Measurement } from './measure';

export interface Report {
  at: string;
  machine: {
    cores: number;
    model: string;
    memoryMb: number;
    node: string;
    platform: string;
    /** Others' work at the beginning; above the cores, the figures are those of a busy machine. */
    loadAverage: number;
  };
  seconds: number;
  floorMadeOf: string[];
  measurements: Measurement[];
}

export function machineFacts(): Report['machine'] {
  return {
    cores: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryMb: Math.round(totalmem() / 1024 / 1024),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    loadAverage: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

/** The closing table: what, how much, its floor, their ratio, and the rest. */
export function tableOf(measurements: readonly Measurement[]): string {
  const table = new Table({
    head: ['what', 'value', 'floor', 'ratio', 'details'],
    colWidths: [34, 20, 12, 8, 56],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { name, value, unit, floor, ratio, details } of measurements)
    table.push([name, `${value} ${unit}`, String(floor ?? ''), String(ratio ?? ''), detailsOf(details)]);
  return table.toString();
}

function detailsOf(details: Measurement['details'] = {}): string {
  return Object.entries(details)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

export async function writeReport(file: string, report: Report): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}
