/** The section of a Markdown text under a second-level heading, heading included; null for none. */
export function sectionOf(markdown: string, heading: string): string | null {
  const [, section = null] = new RegExp(`^(## ${heading}\n[^]*?)(?=^## |$(?![^]))`, 'm').exec(markdown) ?? [];
  return section;
}

/** The text with that section in the old one's place, or at the end. */
export function withSection(markdown: string, heading: string, body: string): string {
  const old = sectionOf(markdown, heading);
  const section = `## ${heading}\n\n${body.trim()}\n`;
  if (old !== null) return markdown.replace(old, () => (markdown.endsWith(old) ? section : `${section}\n`));
  return `${markdown.trimEnd()}\n\n${section}`;
}
