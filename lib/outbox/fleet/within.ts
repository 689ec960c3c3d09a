/**
 * Settles with `work`, or rejects when that takes longer; it goes on then, and
 * how it ends is nobody's concern.
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    const text = `The store did not answer within ${Math.round(ms)} ms`;
    timer = setTimeout(() => reject(new Error(text)), ms);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
