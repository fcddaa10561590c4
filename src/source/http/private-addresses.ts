/** Keeps `url:` sources away from the inside of a network: by address, by name, and after each redirect. */
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ImportError } from '../../errors/index.js';

/** True for everything but public unicast addresses; IPv4 within IPv6 is judged as IPv4. */
export function isPrivateAddress(address: string): boolean {
  return ipaddr.process(address).range() !== 'unicast';
}

/** Throws PRIVATE_ADDRESS_REFUSED for an address written into the URL; names are judged when resolved. */
export function refusePrivateLiteral(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host) && isPrivateAddress(host)) throw refusal(url.hostname, host);
}

/** Resolves like the system, and refuses a name if any of its addresses is private. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, '', 0);
      return;
    }
    const inside = addresses.find(({ address }) => isPrivateAddress(address));
    const first = addresses[0];
    if (inside) callback(refusal(hostname, inside.address), '', 0);
    else if (options.all) callback(null, addresses);
    else callback(null, first?.address ?? '', first?.family);
  });
};

function refusal(host: string, address: string): ImportError {
  return new ImportError('PRIVATE_ADDRESS_REFUSED', { place: host, found: address });
}
