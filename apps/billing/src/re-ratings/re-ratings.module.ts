import { Module } from '@nestjs/common';
import { CorrectionsModule } from '../corrections/corrections.module';
import { KnownModule } from '../known/known.module';
import { RatingService } from './rating.service';
import { ReRatingsController } from './re-ratings.controller';
import { ReRatingsRunner } from './re-ratings.runner';
import { ReRatingsService } from './re-ratings.service';

@Module({
  imports: [CorrectionsModule, KnownModule],
  controllers: [ReRatingsController],
  providers: [ReRatingsService, ReRatingsRunner, RatingService],
  exports: [RatingService],
})
export class ReRatingsModule {}
