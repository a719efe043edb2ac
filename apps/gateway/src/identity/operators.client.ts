import { Injectable } from '@nestjs/common';
import {
  IDENTITY_HEADER,
  openContext,
  type Problem,
  ProblemError,
  signIdentity,
  SYSTEM_ACTOR,
} from '@doorstep/platform';
import { Upstreams } from '../upstream/upstreams.client';
import { Keys } from './keys.provider';

const ANSWER_SECONDS_MAX = 10;

/** Asks the operators service about credentials, as the system. Its refusals pass through as they are. */
@Injectable()
export class OperatorsClient {
  constructor(
    private readonly upstreams: Upstreams,
    private readonly keys: Keys,
  ) {}

  post<T>(path: string, body: object): Promise<T> {
    return this.send<T>('POST', path, body);
  }

  delete(path: string, body: object): Promise<void> {
    return this.send<void>('DELETE', path, body);
  }

  private async send<T>(method: string, path: string, body: object): Promise<T> {
    const requestId = openContext()?.correlationId;
    const answer = await this.upstreams.call({
      service: 'operators',
      method,
      path,
      headers: {
        'content-type': 'application/json',
        [IDENTITY_HEADER]: await signIdentity(SYSTEM_ACTOR, this.keys.identity, { requestId }),
        ...(requestId && { 'x-request-id': requestId }),
      },
      body: Buffer.from(JSON.stringify(body)),
      repeatable: false,
      secondsMax: ANSWER_SECONDS_MAX,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new ProblemError(JSON.parse(text) as Problem);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
