import type { INestApplication } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS, PUBLIC } from './access.decorator';

/** Refuses to start a service with an operation that forgot to say who may call it. */
export function assertEveryOperationIsMarked(app: INestApplication): void {
  const scanner = new MetadataScanner();
  const reflector = app.get(Reflector);
  const forgotten = app
    .get(DiscoveryService, { strict: false })
    .getControllers()
    .flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, (...args: unknown[]) => unknown>;
      return scanner
        .getAllMethodNames(prototype)
        .filter((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name]))
        .filter(
          (name) => !marks.some((mark) => reflector.getAllAndOverride(mark, [prototype[name], metatype])),
        )
        .map((name) => `${metatype.name}.${name}`);
    });
  if (forgotten.length === 0) return;
  throw new Error(`Mark with @Access('…') or @Public(): ${forgotten.join(', ')}`);
}

const marks = [ACCESS, PUBLIC];
