import { PriceEntity } from './prices/price.entity';
import { BudgetEntity, ProgrammeEntity, TermsEntity } from './programmes/programme.entity';

/** TypeORM's rows of this service; what is written many rows at a time goes by SQL (*.queries.ts). */
export const entities = [PriceEntity, ProgrammeEntity, TermsEntity, BudgetEntity];
