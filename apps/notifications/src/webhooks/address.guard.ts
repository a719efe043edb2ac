import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { DomainError } from '@doorstep/kernel';

/**
 * Addresses that a webhook must not reach, because what answers there trusts its neighbours: this machine, private
 * networks, link-local (cloud metadata), shared and reserved space. IANA special-purpose registries, RFC 6890 and heirs.
 */
const FORBIDDEN_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
/** With the forms that carry an IPv4 address inside: mapped, translated (NAT64), 6to4, Teredo. */
const FORBIDDEN_V6 = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const;

// Two lists: in one, the rule for mapped addresses would hold for every IPv4 address.
const forbiddenV4 = new BlockList();
for (const [network, bits] of FORBIDDEN_V4) forbiddenV4.addSubnet(network, bits, 'ipv4');
const forbiddenV6 = new BlockList();
for (const [network, bits] of FORBIDDEN_V6) forbiddenV6.addSubnet(network, bits, 'ipv6');

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !forbiddenV4.check(address, 'ipv4');
  return family === 6 && !forbiddenV6.check(address, 'ipv6');
}

/** Raised while connecting, when a name leads to a forbidden address. */
export class AddressForbidden extends Error {
  readonly code = 'EFORBIDDEN';
}

/**
 * A URL that webhooks may be sent to. The name is not resolved here: that happens at each connection, by `guardedLookup`,
 * so a name that changes its mind afterwards gains nothing.
 *
 * @param allowPrivate development: http and private addresses too
 */
export function webhookUrl(text: string, allowPrivate: boolean): URL {
  const refuse = (reason: string, mend: string) =>
    new DomainError('invalid', 'webhook_url_forbidden', reason, { field: 'url', mend });
  if (!URL.canParse(text)) {
    throw refuse('url is not an absolute URL.', 'Give the whole address, such as https://example.org/hooks.');
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    throw refuse('Webhooks are sent over https only.', 'Give an address that begins with https://.');
  }
  if (url.username || url.password || url.hash) {
    throw refuse(
      'url holds a user name, a password or a fragment.',
      'Leave them out: each delivery is signed with the secret, check that instead.',
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) && !isPublicAddress(host)) {
    throw refuse(`${host} is not an address of the public internet.`, 'Give a public host name.');
  }
  return url;
}

/** Resolves a name and refuses it when any of its addresses is forbidden; the connection goes to exactly these. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const bad = addresses?.find(({ address }) => !isPublicAddress(address));
    if (error || bad) {
      return callback(error ?? new AddressForbidden(`${hostname} is not on the public internet`), '', 0);
    }
    if (options.all) return callback(null, addresses);
    const [{ address, family }] = addresses;
    callback(null, address, family);
  });
};
