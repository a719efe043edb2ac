/** Bodies of requests that the specs send; every field is one that the API takes. */

/** A street of Shanghai with two communities, one of Hangzhou with one, and a city without districts. */
export const REGIONS = [
  { code: '31', name: '上海市', level: 'province' },
  { code: '3101', name: '市辖区', level: 'city', parentCode: '31' },
  { code: '310101', name: '黄浦区', level: 'district', parentCode: '3101' },
  { code: '310101013', name: '外滩街道', level: 'street', parentCode: '310101' },
  community('310101013001', '310101013', 121.48, 31.24),
  community('310101013002', '310101013', 121.486, 31.24),
  { code: '33', name: '浙江省', level: 'province' },
  { code: '3301', name: '杭州市', level: 'city', parentCode: '33' },
  { code: '330106', name: '西湖区', level: 'district', parentCode: '3301' },
  { code: '330106002', name: '北山街道', level: 'street', parentCode: '330106' },
  community('330106002001', '330106002', 120.14, 30.26),
  { code: '44', name: '广东省', level: 'province' },
  { code: '4419', name: '东莞市', level: 'city' },
  { code: '441900003', name: '东城街道', level: 'street', parentCode: '4419' },
];

function community(code: string, parentCode: string, lng: number, lat: number) {
  const population = { households: 1500, population0to3: 90, population60plus: 1000, population80plus: 200 };
  return {
    code,
    name: `${code}社区居委会`,
    level: 'community',
    parentCode,
    lng,
    lat,
    crs: 'WGS84',
    ...population,
  };
}

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
let count = 0;

/** A body for POST /v1/sites. */
export function aSite(changes: Record<string, unknown> = {}) {
  return {
    code: `S-${++count}`,
    name: { zh: '外滩社区服务综合体', en: 'Bund community complex' },
    regionCode: '310101013001',
    form: 'complex',
    tier: 'community',
    spaceSource: 'convert',
    location: { lng: 121.48, lat: 31.24, crs: 'WGS84' },
    timeZone: 'Asia/Shanghai',
    areaM2: 900,
    openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '08:00', closes: '20:00' })),
    ...changes,
  };
}

/** A body for POST /v1/sites/{id}/offerings. */
export function anOffering(changes: Record<string, unknown> = {}) {
  return {
    code: `LUNCH-${++count}`,
    name: { zh: '社区午餐', en: 'Community lunch' },
    kind: 'meals',
    mode: 'session',
    delivery: 'on_site',
    capacityModel: 'seats',
    capacity: 30,
    schedule: EVERY_DAY.map((weekday) => ({ weekday, starts: '11:00', ends: '12:30' })),
    cutoffMinutes: 60,
    ...changes,
  };
}
