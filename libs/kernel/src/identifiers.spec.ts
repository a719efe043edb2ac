import { checkCreditCode, isMobile, isResidentId, maskMobile, maskName, maskResidentId } from './identifiers';

describe('unified social credit code', () => {
  it.each(['91350200MA2YJ1XR9G', '91440101MA5CJQ4N59'])('accepts the published sample %s', (code) =>
    expect(checkCreditCode(code)).toBe('valid'),
  );
  it('tells a wrong check character from a malformed code', () => {
    expect(checkCreditCode('91350200MA2YJ1XR9H')).toBe('checksum');
    expect(checkCreditCode('91350200MA2YJ1XR9')).toBe('malformed');
    expect(checkCreditCode('91350200MA2YJ1XR9I')).toBe('malformed');
  });
});

describe('citizen number', () => {
  it('accepts the sample of the standard and refuses a changed digit', () => {
    expect(isResidentId('11010519491231002X')).toBe(true);
    expect(isResidentId('11010519491231003X')).toBe(false);
    expect(isResidentId('11010519491231002x')).toBe(false);
  });
});

describe('masks', () => {
  it('leave what a clerk needs to recognise and no more', () => {
    expect(maskMobile('13812340000')).toBe('138****0000');
    expect(maskResidentId('11010519491231002X')).toBe('110105********002X');
    expect(maskName('王小明')).toBe('王**');
    expect(maskName('欧阳修远')).toBe('欧阳**');
    expect(isMobile('12812340000')).toBe(false);
  });
});
