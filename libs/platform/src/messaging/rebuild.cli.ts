import { runRebuild } from './rebuild.command';

void runRebuild(process.argv.slice(2), process.env, (text) => console.log(text)).then((code) => {
  process.exitCode = code;
});
