/** Asks Kaggle who we are, with one request. */
import { ImportError } from '../../errors/index.js';
import type { AuthCheck, Call } from '../source.js';
import { DATASETS, type KaggleApi } from './api.js';

/** @throws CREDENTIALS_MISSING, CREDENTIALS_REJECTED, CREDENTIALS_UNREADABLE, and what any call throws */
export async function checkKaggleAuth(api: KaggleApi, call: Call): Promise<AuthCheck> {
  const credentials = await api.credentials();
  if (!credentials) throw api.missing();
  const { token, method, warnings } = credentials;
  const place = method;
  if (token === undefined) {
    // The cheapest call that nobody may make anonymously.
    await api.call(`${DATASETS}/ListDatasets`, { pageSize: 1 }, { ...call, place });
    return { ...(credentials.username && { account: credentials.username }), method, warnings };
  }
  const { active, username } = await api.call<{ active?: boolean; username?: string }>(
    'security.OAuthService/IntrospectToken',
    { token },
    { ...call, place },
  );
  if (active === true) return { ...(username && { account: username }), method, warnings };
  throw new ImportError('CREDENTIALS_REJECTED', {
    place,
    expected: 'an active token',
    found: 'a token that is unknown or no longer active',
  });
}
