export { startStack, type Stack, type StackOptions, type StackPart } from './stack/stack';
export { PlainFailure, runCommand } from './stack/plain-failure';
export { liveTestStack, startTestStack, type TestStackAddress } from './test-stack';
export {
  startPlatform,
  type Platform,
  type PlatformOptions,
  type PlatformService,
} from './platform/platform';
export { type ProcessName, PROCESSES, type ServiceName, SERVICES } from './platform/services';
export { onStopSignal } from './stop-signal';
export { externalParts, gatewayPort, namedPorts } from './settings';
export { testRolePassword } from './stack/role-password';
export { startTestPlatform, type TestPlatformAddress } from './test-platform';
