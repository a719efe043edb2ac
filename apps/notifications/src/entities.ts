import { DeliveryRow } from './deliveries/delivery.entity';
import { PreferenceRow } from './preferences/preference.entity';
import { WebhookEndpointRow } from './webhooks/webhook-endpoint.entity';

export const entities = [DeliveryRow, PreferenceRow, WebhookEndpointRow];
