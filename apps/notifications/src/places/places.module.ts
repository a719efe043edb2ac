import { Module } from '@nestjs/common';
import { PlacesConsumer } from './places.consumer';

@Module({ controllers: [PlacesConsumer] })
export class PlacesModule {}
