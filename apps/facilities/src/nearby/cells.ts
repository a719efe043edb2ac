export { cellOf, cellsAround } from '@doorstep/kernel';
