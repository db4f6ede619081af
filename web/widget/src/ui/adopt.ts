/** Styles travel inside the scripts that need them; each is taken up once. */
const taken = new Set<string>();

export function takeUp(css: string): void {
    if (taken.has(css)) return;
    taken.add(css);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
