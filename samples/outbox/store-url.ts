/** The Redis or the PostgreSQL that the environment names. */
export function storeUrl(): string {
  const { REDIS_URL, DATABASE_URL } = process.env;
  const url = REDIS_URL || DATABASE_URL;
  if (url) return url;
  throw new Error('Set REDIS_URL or DATABASE_URL (a PostgreSQL).');
}
