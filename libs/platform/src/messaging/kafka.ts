import type { Admin, Consumer, Kafka as KafkaClient, Producer } from 'kafkajs';

/** The narrow door to the broker. Nothing else of the platform knows kafkajs. */
export namespace Kafka {
  export interface Outgoing {
    topic: string;
    key: string;
    value: string;
    headers: Record<string, string>;
  }
}
export type { Admin, Consumer, KafkaClient, Producer };
