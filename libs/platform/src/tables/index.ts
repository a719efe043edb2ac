export * from './csv.reader';
export { ApiDownload, download, downloadTable, type FileEnding } from './download';
export * from './file-columns';
export * from './line-faults';
export * from './table.writer';
export * from './xlsx.reader';
