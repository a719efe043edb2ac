export { ProgressBoard, type ProgressWord, type Report } from './progress';
export { SideConnections } from './side-connections';
