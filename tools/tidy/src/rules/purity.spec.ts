import { purity } from './purity';

const judge = (path: string, text: string) => purity([{ path, text }]);

describe('purity', () => {
  const pure = 'apps/bookings/src/booking/booking.ts';

  it.each([
    "import { Injectable } from '@nestjs/common';",
    "import {\n  Entity,\n  Column,\n} from 'typeorm';",
    "import 'reflect-metadata';",
    "import { Database } from '@doorstep/platform';",
    "import { readFileSync } from 'node:fs';",
    "export * from './bookings.service';",
  ])('refuses %s in a pure file', (text) => {
    expect(judge(pure, `// rules\n${text}`)).toMatchObject([{ path: pure, line: 2, rule: 'purity' }]);
  });

  it.each([
    "import { DomainError } from '@doorstep/kernel';",
    "import { DateTime } from 'luxon';",
    "import { slots } from './schedule';",
    "import { createHash } from 'node:crypto';",
    "import type { Booking } from './booking.entity';",
  ])('is content with %s', (text) => {
    expect(judge(pure, text)).toEqual([]);
  });

  it.each([
    'apps/bookings/src/booking/bookings.service.ts',
    'apps/bookings/src/booking/index.ts',
    'apps/bookings/src/main.ts',
    'apps/bookings/src/migrations/1700-start.ts',
    'libs/platform/src/http/problem.ts',
  ])('asks nothing of %s', (path) => {
    expect(judge(path, "import { Module } from '@nestjs/common';")).toEqual([]);
  });

  it('holds the kernel to it too', () => {
    expect(judge('libs/kernel/src/money.ts', "import { IsInt } from 'class-validator';")).toHaveLength(1);
  });
});
