import { Observable, type Subscriber } from 'rxjs';

/**
 * What an async iterable gives, one value after the other. Whoever unsubscribes
 * ends it at once, rather than at its next value.
 */
export function observableOf<Value>(
  values: AsyncIterable<Value>,
): Observable<Value> {
  return new Observable((subscriber) => {
    const iterator = values[Symbol.asyncIterator]();
    subscriber.add(() => void iterator.return?.());
    void pass({ [Symbol.asyncIterator]: () => iterator }, subscriber);
  });
}

async function pass<Value>(
  values: AsyncIterable<Value>,
  subscriber: Subscriber<Value>,
): Promise<void> {
  try {
    for await (const value of values) subscriber.next(value);
    subscriber.complete();
  } catch (error) {
    subscriber.error(error);
  }
}
