import { DomainError } from '@doorstep/kernel';
import { changeStaff, enterStaff, type EnterStaff, type StaffKeeper } from './staff';

const owner: StaffKeeper = { operatorId: 'chain' };
const manager: StaffKeeper = { operatorId: 'chain', siteIds: ['a', 'b'] };
const command: EnterStaff = {
  name: ' 王芳 ',
  jobTitle: 'caregiver',
  skills: ['bedside_care', 'bedside_care'],
  siteIds: ['a'],
};

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
  }
  return 'taken';
};

describe('entering staff', () => {
  it('takes each skill and site once', () => {
    expect(enterStaff(manager, command, 'id')).toEqual({
      id: 'id',
      operatorId: 'chain',
      personId: null,
      name: '王芳',
      jobTitle: 'caregiver',
      skills: ['bedside_care'],
      siteIds: ['a'],
      active: true,
      rostered: false,
      version: 1,
    });
  });

  it('stays within the sites of whoever is bound to some', () => {
    expect(codeOf(() => enterStaff(manager, { ...command, siteIds: ['a', 'c'] }, 'id'))).toBe(
      'site_not_yours',
    );
    expect(codeOf(() => enterStaff(owner, { ...command, siteIds: ['a', 'c'] }, 'id'))).toBe('taken');
  });

  it('needs a tenant, a name and a job', () => {
    expect(codeOf(() => enterStaff({ operatorId: null }, command, 'id'))).toBe('no_tenant');
    expect(codeOf(() => enterStaff(owner, { ...command, name: ' ' }, 'id'))).toBe('name_empty');
    expect(codeOf(() => enterStaff(owner, { ...command, jobTitle: '' }, 'id'))).toBe('job_title_empty');
  });
});

describe('changing staff', () => {
  const staff = enterStaff(owner, { ...command, siteIds: ['a', 'c'] }, 'id');

  it('leaves what is not named', () => {
    expect(changeStaff(owner, staff, { active: false })).toEqual({ ...staff, active: false, version: 2 });
  });

  it('is not for somebody bound to only some of the sites', () => {
    expect(codeOf(() => changeStaff(manager, staff, { active: false }))).toBe('site_not_yours');
    expect(codeOf(() => changeStaff(manager, { ...staff, siteIds: ['b'] }, { siteIds: ['a'] }))).toBe(
      'taken',
    );
    expect(codeOf(() => changeStaff(manager, { ...staff, siteIds: ['b'] }, { siteIds: ['c'] }))).toBe(
      'site_not_yours',
    );
  });
});
