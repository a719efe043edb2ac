import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppLogger, OwnApi, TAGS } from '@doorstep/platform';
import { SERVICES, type ServiceName } from '../upstream/services';
import { Upstreams } from '../upstream/upstreams.client';
import { mergeDocuments } from './merge';

/** A complete document is good for this long, an incomplete one is completed at the next request after this. */
const COMPLETE_MS = 5 * 60 * 1000;
const INCOMPLETE_MS = 2000;
const FETCH_SECONDS_MAX = 5;

export interface ApiDocument {
  json: string;
  /** Services that could not be asked yet. */
  missing: ServiceName[];
}

/** The one OpenAPI document of everything under /v1, made from what the services say about themselves. */
@Injectable()
export class ApiDocuments {
  private readonly known = new Map<ServiceName, OpenAPIObject>();
  private current?: ApiDocument;
  private goodUntilMs = 0;
  private pending?: Promise<ApiDocument>;

  constructor(
    private readonly upstreams: Upstreams,
    private readonly own: OwnApi,
    private readonly logger: AppLogger,
  ) {}

  async read(): Promise<ApiDocument> {
    if (this.current && Date.now() < this.goodUntilMs) return this.current;
    this.pending ??= this.make().finally(() => (this.pending = undefined));
    return this.pending;
  }

  /** The service whose document tells of paths under a first segment. */
  async ownerOf(segment: string): Promise<ServiceName | undefined> {
    await this.read();
    const isUnder = (path: string): boolean => `${path}/`.startsWith(`/v1/${segment}/`);
    return SERVICES.find((service) => Object.keys(this.known.get(service)?.paths ?? {}).some(isUnder));
  }

  private async make(): Promise<ApiDocument> {
    await Promise.all(SERVICES.map((service) => this.fetch(service)));
    const missing = SERVICES.filter((service) => !this.known.has(service));
    const sources = { ...Object.fromEntries(this.known), gateway: this.own.read() };
    const merged = mergeDocuments(sources, Object.keys(TAGS));
    this.current = { json: JSON.stringify(merged), missing };
    this.goodUntilMs = Date.now() + (missing.length === 0 ? COMPLETE_MS : INCOMPLETE_MS);
    return this.current;
  }

  /** What a service said before stays good while it is away. */
  private async fetch(service: ServiceName): Promise<void> {
    try {
      const call = { service, method: 'GET', path: '/openapi.json', headers: {}, repeatable: true };
      const { statusCode, body } = await this.upstreams.call({ ...call, secondsMax: FETCH_SECONDS_MAX });
      if (statusCode !== 200) throw new Error(`answers ${statusCode}`);
      this.known.set(service, (await body.json()) as OpenAPIObject);
    } catch (error) {
      this.logger.debug(`no API document from ${service}: ${(error as Error).message}`);
    }
  }
}
