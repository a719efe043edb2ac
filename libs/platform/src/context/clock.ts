import { Injectable } from '@nestjs/common';

/** The only source of the present; tests bind a fixed one. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
