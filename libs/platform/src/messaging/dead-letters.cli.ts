import { runDeadLetters } from './dead-letters.command';

void runDeadLetters(process.argv.slice(2), process.env, (text) => console.log(text)).then((code) => {
  process.exitCode = code;
});
