/// What /health knows of a provider beside its figures: a breaker that is open, a key that is refused.

/// The provider as GET /api/v1/providers has it, with what the components of /health say of it.
export function withTrouble(provider, services = []) {
  const known = services.find(({ name }) => name === `provider:${provider.name}`);
  if (!known || known.status === 'up') return provider;
  return { ...provider, state: provider.state === 'up' ? known.status : provider.state, detail: known.detail };
}
