import { formatSecrets, generateSecrets, password } from './secrets';

/** npm run secrets > .env — a fresh set for docker-compose.yml, which has no default for any of it. */
process.stdout.write(formatSecrets({ POSTGRES_PASSWORD: password(), ...generateSecrets() }));
