import { closeBankAccount, enterBankAccount, type EnterBankAccount, maskAccountNumber } from './bank-account';

const NOW = new Date('2026-11-20T02:00:00Z');
const command: EnterBankAccount = {
  purpose: 'settlement',
  holder: ' 邻里之家社区服务连锁有限公司 ',
  bank: '工商银行黄浦支行',
  number: '6222 0210-0112 2334',
};

describe('a bank account', () => {
  const account = enterBankAccount({ id: 'o', operatorId: 'o' }, command, 'id', NOW);

  it('is kept in plain digits', () => {
    expect(account).toMatchObject({
      number: '6222021001122334',
      holder: '邻里之家社区服务连锁有限公司',
      closedAt: null,
    });
  });

  it.each(['1234567', '12345678a', '1'.repeat(33)])('is refused with the number %j', (number) => {
    expect(() => enterBankAccount({ id: 'o', operatorId: null }, { ...command, number }, 'id', NOW)).toThrow(
      'no account number',
    );
  });

  it('is closed once', () => {
    const closed = closeBankAccount(account, NOW);
    expect(closed.closedAt).toBe(NOW);
    expect(closeBankAccount(closed, new Date())).toBe(closed);
  });

  it('shows its last digits alone to whoever need not know it', () => {
    expect(maskAccountNumber(account.number)).toBe('************2334');
  });
});
