import { npmSnippet, settingsSnippet, tagSnippet, type Chosen } from './snippets';
import { speak } from './texts';

/** The page on which a site's snippet is put together, with the real chat beside it. */
declare const PREVIEW_STYLE: string;

const CHANGE_MS = 250;
const LANGUAGES = ['en', 'de', 'ar'];
const DEFAULT_COLOR = '#5157e6';

const find = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
const form = find<HTMLFormElement>('form');
const token = find<HTMLInputElement>('token');
const state = find('token-state');
const color = find<HTMLInputElement>('color');
const colorText = find<HTMLInputElement>('color-text');
const ownColor = find<HTMLInputElement>('own-color');
const stage = find('stage');
const code = find('code');
const tabs = [find<HTMLButtonElement>('tab-tag'), find<HTMLButtonElement>('tab-settings'), find<HTMLButtonElement>('tab-npm')];
const base = new URL('./', document.baseURI).href;
const said = speak(navigator.languages);

let known = '';
let shown = '';
let timer = 0;
let frame: HTMLIFrameElement | null = null;

for (const tag of LANGUAGES) {
    const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
    find<HTMLSelectElement>('locale').add(new Option(name, tag));
}
color.value = colorText.value = DEFAULT_COLOR;
token.value = new URLSearchParams(location.search).get('website_token') ?? '';

function chosen(): Chosen {
    const data = new FormData(form);
    const value = (name: string): string => String(data.get(name) ?? '').trim();
    const all: Chosen = {};
    if (ownColor.checked) all.color = color.value;
    for (const name of ['launcherTitle', 'welcomeTitle', 'welcomeDescription']) if (value(name)) all[name] = value(name);
    for (const [name, usual] of [['position', 'right'], ['type', 'standard'], ['darkMode', 'auto'], ['widgetStyle', 'standard']] as const) {
        if (value(name) !== usual) all[name] = value(name);
    }
    if (value('locale') === 'browser') all.useBrowserLanguage = true;
    else if (value('locale')) all.locale = value('locale');
    if (data.has('hideMessageBubble')) all.hideMessageBubble = true;
    if (data.has('consent')) all.consent = 'required';
    for (const name of ['showUnreadMessagesDialog', 'enableFileUpload', 'enableEmojiPicker']) if (!data.has(name)) all[name] = false;
    return all;
}

/** The chat in a page of its own, as the snippet would have it; what nobody could see is left out. */
function preview(): void {
    const { consent, hideMessageBubble, ...all } = chosen();
    const lang = document.documentElement.lang;
    const html = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${base}builder/${PREVIEW_STYLE}"></head>
<body><i class="head"></i><i></i><i></i><i class="short"></i><i class="box"></i><i></i><i class="short"></i>${tagSnippet(base, known, all)}</body></html>`;
    if (html === shown) return;
    shown = html;
    const wasOpen = (frame?.contentWindow as unknown as { $deskbell?: { isOpen: boolean } } | null)?.$deskbell?.isOpen;
    frame?.remove();
    frame = null;
    find('empty').hidden = !!known;
    if (!known) return;
    const made = (frame = document.createElement('iframe'));
    made.title = said.stage;
    made.srcdoc = html;
    if (wasOpen) {
        made.onload = () => {
            const page = made.contentWindow as unknown as { $deskbell?: { toggle(state: string): void } };
            page.$deskbell?.toggle('open');
        };
    }
    stage.append(made);
}

function snippet(): void {
    const make = [tagSnippet, settingsSnippet, npmSnippet][tabs.findIndex((t) => t.getAttribute('aria-selected') === 'true')]!;
    code.firstElementChild!.textContent = make(base, token.value.trim() || 'TOKEN', chosen());
}

function changed(): void {
    snippet();
    clearTimeout(timer);
    timer = window.setTimeout(preview, CHANGE_MS);
}

/** Asks whether there is such a site, and says so. */
async function check(): Promise<void> {
    const wanted = token.value.trim();
    let text = '';
    let bad = false;
    known = '';
    if (wanted) {
        try {
            const answer = await fetch(`${base}widget?website_token=${encodeURIComponent(wanted)}`, { credentials: 'omit' });
            if (token.value.trim() !== wanted) return;
            bad = !answer.ok;
            text = bad ? said.token_bad : said.token_ok;
            if (!bad) known = wanted;
        } catch {
            bad = true;
            text = said.token_down;
        }
    }
    state.textContent = text;
    state.classList.toggle('bad', bad);
    token.toggleAttribute('aria-invalid', false);
    if (bad) token.setAttribute('aria-invalid', 'true');
    changed();
}

function choose(tab: HTMLButtonElement, focus: boolean): void {
    for (const t of tabs) {
        t.setAttribute('aria-selected', String(t === tab));
        t.tabIndex = t === tab ? 0 : -1;
    }
    code.setAttribute('aria-labelledby', tab.id);
    if (focus) tab.focus();
    snippet();
}

for (const [i, tab] of tabs.entries()) {
    tab.onclick = () => choose(tab, false);
    tab.onkeydown = (e) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
        if (step) choose(tabs[(i + step + tabs.length) % tabs.length]!, true);
    };
}
const wide = find('wide');
const narrow = find('narrow');
for (const button of [wide, narrow]) {
    button.onclick = () => {
        stage.classList.toggle('narrow', button === narrow);
        wide.setAttribute('aria-pressed', String(button === wide));
        narrow.setAttribute('aria-pressed', String(button === narrow));
    };
}
color.addEventListener('input', () => {
    colorText.value = color.value;
    ownColor.checked = true;
});
colorText.addEventListener('input', () => {
    const fine = colorText.validity.valid && colorText.value !== '';
    colorText.setAttribute('aria-invalid', String(!fine));
    if (!fine) return;
    color.value = colorText.value;
    ownColor.checked = true;
});
find('copy').onclick = async () => {
    const copied = find('copied');
    copied.textContent = '';
    try {
        await navigator.clipboard.writeText(code.textContent ?? '');
        copied.textContent = said.copied;
    } catch {
        getSelection()?.selectAllChildren(code);
        copied.textContent = said.not_copied;
    }
};
form.addEventListener('submit', (e) => e.preventDefault());
form.addEventListener('input', (e) => (e.target === token ? void check() : changed()));
void check();
