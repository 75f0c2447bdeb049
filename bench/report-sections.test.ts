import { describe, expect, it } from 'vitest';
import { sectionOf, withSection } from './report-sections.ts';

const text = '# Title\n\nIntro.\n\n## One\n\nfirst\n\n### Part\n\n## Two\n\nsecond\n';

describe('sections of a report', () => {
  it('are found with their parts, also the last', () => {
    expect(sectionOf(text, 'One')).toBe('## One\n\nfirst\n\n### Part\n\n');
    expect(sectionOf(text, 'Two')).toBe('## Two\n\nsecond\n');
    expect(sectionOf(text, 'Three')).toBeNull();
  });
  it('are replaced in place or added, again and again', () => {
    expect(withSection(text, 'One', 'new $&')).toBe(
      '# Title\n\nIntro.\n\n## One\n\nnew $&\n\n## Two\n\nsecond\n',
    );
    expect(withSection(text, 'Two', 'x')).toContain('### Part\n\n## Two\n\nx\n');
    const added = withSection(text, 'Three', 'x\n');
    expect(added).toBe(`${text}\n## Three\n\nx\n`);
    expect(withSection(added, 'Three', 'x')).toBe(added);
  });
});
