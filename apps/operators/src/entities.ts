import { ApiClientEntity } from './api-clients/api-client.entity';
import { ComplaintEntity } from './complaints/complaint.entity';
import { FindingEntity } from './inspections/finding.entity';
import { InspectionEntity } from './inspections/inspection.entity';
import { LicenceEntity } from './licences/licence.entity';
import { BankAccountEntity } from './organisations/bank-account.entity';
import { OrganisationEntity } from './organisations/organisation.entity';
import { PersonEntity } from './people/person.entity';
import { StaffEntity } from './staff/staff.entity';

/** TypeORM's rows of this service. */
export const entities = [
  OrganisationEntity,
  BankAccountEntity,
  PersonEntity,
  ApiClientEntity,
  StaffEntity,
  LicenceEntity,
  InspectionEntity,
  FindingEntity,
  ComplaintEntity,
];
