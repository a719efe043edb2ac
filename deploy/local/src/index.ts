export { startStack, type Stack, type StackOptions, type StackPart } from './stack/stack';
export { PlainFailure, runCommand } from './stack/plain-failure';
export { liveTestStack, startTestStack, type TestStackAddress } from './test-stack';
