export * from './csv.reader';
export * from './line-faults';
export * from './table.writer';
export * from './xlsx.reader';
