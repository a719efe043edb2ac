import { transitions } from './transitions';

describe('a transition table', () => {
  const door = transitions('door', ['open'], {
    open: { close: 'closed' },
    closed: { open: 'open', seal: 'sealed' },
    sealed: {},
  });

  it('leads on, and refuses with what would be allowed', () => {
    expect(door.next('open', 'close')).toBe('closed');
    expect(() => door.next('open', 'seal')).toThrow("can't be asked to seal");
    expect(door.finals).toEqual(['sealed']);
  });

  it('is refused at start when a state can never be reached', () => {
    expect(() =>
      transitions<'off' | 'on', 'switch'>('lamp', ['off'], { off: {}, on: { switch: 'off' } }),
    ).toThrow('nothing leads to on');
  });
});
