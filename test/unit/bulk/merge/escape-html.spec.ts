import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml } from '../../../../lib/bulk/merge/escape-html.js';

const SIGNS: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

describe('escapeHtml', () => {
  it('escapes what ends a text or an attribute', () => {
    expect(escapeHtml(`<a href="x" title='y'>R&D</a>`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;R&amp;D&lt;/a&gt;',
    );
  });

  it('leaves a text that a browser shows as it was', () => {
    const unit = fc.constantFrom('&', '<', '>', '"', "'", 'a', 'amp;', 'é');
    fc.assert(
      fc.property(fc.array(unit), (parts) => {
        const text = parts.join('');
        const escaped = escapeHtml(text);

        expect(escaped).not.toMatch(/[<>"']/);
        expect(
          escaped.replace(
            /&(?:amp|lt|gt|quot|#39);/g,
            (one) => SIGNS[one] ?? '',
          ),
        ).toBe(text);
      }),
    );
  });
});
