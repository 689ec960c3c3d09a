import type { Page } from 'playwright-core';

/** WCAG 2.2, 1.4.3: for text of any size. */
const LEAST = 4.5;

/** Texts that stand out too little from what is behind them. */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const canvas = document.createElement('canvas').getContext('2d');
    // Whatever colour space a colour is written in.
    const bytes = (color: string): number[] => {
      if (canvas === null) return [];
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = bytes(color).map((byte) => {
        const share = byte / 255;
        return share <= 0.04045
          ? share / 12.92
          : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element: Element | null): string => {
      if (element === null) return 'white';
      const { backgroundColor } = getComputedStyle(element);
      const isOpaque = bytes(backgroundColor)[3] === 255;
      return isOpaque ? backgroundColor : behind(element.parentElement);
    };
    const walker = document.createTreeWalker(
      document.body,
      NodeFilter.SHOW_TEXT,
    );
    const faint: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      const isSeen = element?.checkVisibility() && !element.closest('.unseen');
      if (element === null || text === '' || !isSeen) continue;
      const [light = 0, dark = 0] = [
        luminance(getComputedStyle(element).color),
        luminance(behind(element)),
      ].toSorted((one, other) => other - one);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < least) faint.push(`${contrast.toFixed(2)}: ${text}`);
    }
    return faint;
  }, LEAST);
}
