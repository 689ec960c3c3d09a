/**
 * 64 bits of a text. One is used for text after text, so that nothing is made
 * for each.
 */
export class Fingerprint {
  /** Half of the bits, a signed number. */
  low = 0;

  /** The other half. Never 0 when `low` is. */
  high = 0;

  /** Takes those of another text. */
  read(text: string): void {
    let low = 0x2545f491;
    let high = 0x517cc1b7;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      low = Math.imul(low ^ unit, 0x5bd1e995);
      low ^= low >>> 15;
      high = Math.imul(high ^ unit, 0x2c1b3c6d);
      high ^= high >>> 13;
    }
    this.low = spread(low);
    this.high = spread(high);
    if (this.low === 0 && this.high === 0) this.high = 1;
  }
}

/** Has every bit depend on every other. */
function spread(bits: number): number {
  const half = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return whole ^ (whole >>> 16);
}
