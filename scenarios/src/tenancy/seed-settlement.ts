import type { Tenant } from './parties';
import type { Ids } from './seed';

/** A bank account whose statements come in. */
export async function openBankAccount({ owner }: Pick<Tenant, 'owner'>, mark: string): Promise<Ids> {
  const { id: statementAccountId } = await owner.must<{ id: string }>('POST', '/v1/statement-accounts', {
    code: 'icbc-0109',
    name: `${mark} 基本户`,
    kind: 'bank',
    accountNo: mark.slice(-40),
    layout: 'camt053',
    payerNames: [{ channel: 'wechat', name: '财付通' }],
  });
  return { statementAccountId, accountId: statementAccountId };
}
