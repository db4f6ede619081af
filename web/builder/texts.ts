/** The builder page in other languages than that of its HTML; keys are its data-t. */
type Texts = Record<string, string>;

export const messages = {
    token_ok: 'The chat of this site is ready.',
    token_bad: 'No site has this token.',
    token_down: 'The server does not answer.',
    copied: 'Copied',
    not_copied: 'Could not be copied: select the text instead',
    as_inbox: 'As the inbox has it',
    color_text: 'Colour as #RRGGBB',
    size: 'Size of the preview',
    kind: 'Kind of snippet',
    stage: 'A page with the chat',
};

const de: Texts & typeof messages = {
    token_ok: 'Der Chat dieser Website ist bereit.',
    token_bad: 'Keine Website hat dieses Token.',
    token_down: 'Der Server antwortet nicht.',
    copied: 'Kopiert',
    not_copied: 'Kopieren ging nicht: bitte den Text markieren',
    as_inbox: 'Wie im Posteingang eingestellt',
    color_text: 'Farbe als #RRGGBB',
    size: 'Größe der Vorschau',
    kind: 'Art des Codes',
    stage: 'Eine Seite mit dem Chat',
    title: 'Den Chat auf die eigene Website setzen',
    intro: 'Aussehen wählen, daneben ausprobieren, den Code mitnehmen. Hier wird nichts gespeichert.',
    site: 'Website', token: 'Website-Token', token_help: 'Es steht in den Einstellungen des Website-Posteingangs.',
    launcher: 'Knopf', color: 'Farbe', own_color: 'Diese Farbe statt der des Posteingangs verwenden', position: 'Seite', left: 'Links', right: 'Rechts',
    type: 'Form', round: 'Rund', with_text: 'Mit Text', launcher_title: 'Text', hide: 'Den Knopf verbergen; die Seite öffnet den Chat selbst',
    chat: 'Chat', welcome_title: 'Begrüßung', welcome_text: 'Darunter', theme: 'Darstellung', auto: 'Wie das Gerät', light: 'Hell', dark: 'Dunkel',
    style: 'Stil', soft: 'Rund und erhaben', flat: 'Flach', language: 'Sprache', as_page: 'Wie die Seite', as_browser: 'Wie der Browser',
    more: 'Mehr', consent: 'Nichts zeigen, bevor die Seite die Zustimmung meldet', teasers: 'Antworten neben dem Knopf zeigen, solange der Chat zu ist',
    files: 'Dateien', emoji: 'Emoji', preview: 'Vorschau', desktop: 'Rechner', phone: 'Telefon', empty: 'Mit einem Token zeigt sich hier der Chat.',
    snippet: 'Code', settings: 'Einstellungsobjekt', copy: 'Kopieren',
};

/** The texts of the first wanted language there is, put into the page. */
export function speak(wanted: readonly string[]): typeof messages {
    const language = wanted.map((tag) => tag.slice(0, 2)).find((l) => l === 'en' || l === 'de') ?? 'en';
    const texts = language === 'de' ? de : null;
    document.documentElement.lang = language;
    const said = texts ?? messages;
    if (texts) {
        for (const element of document.querySelectorAll<HTMLElement>('[data-t]')) element.textContent = texts[element.dataset.t!] ?? element.textContent;
        document.title = texts.title!;
    }
    const word = (key: string): string => said[key as keyof typeof messages];
    for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) element.setAttribute('aria-label', word(element.dataset.label!));
    for (const element of document.querySelectorAll<HTMLInputElement>('[data-hint]')) element.placeholder = word(element.dataset.hint!);
    return said;
}
