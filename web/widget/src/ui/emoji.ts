import type { Texts } from '../i18n';
import { adopt } from './extra';
import { h } from './dom';

const EMOJI =
    '😀 😄 😁 😂 🙂 😉 😊 😍 😘 😎 🤔 😐 😕 🙁 😢 😭 😡 😱 😴 🤗 👍 👎 👌 🙏 👏 💪 🤝 👋 ❤️ 💔 💯 ✨ 🎉 🎁 🔥 ⭐ ✅ ❌ ⚠️ ❓ ❗ 💡 📦 🚚 💳 🧾 📷 📎 📅 ⏰ 📍 🏠 ☎️ 🛒 🐞 ☕'.split(' ');
const COLUMNS = 8;

/** A small board of emoji: arrows move, Enter takes, Escape closes. */
export class EmojiBoard {
    readonly element: HTMLElement;
    #buttons: HTMLButtonElement[];

    constructor(texts: Texts, private taken: (emoji: string) => void, private closed: () => void) {
        adopt();
        this.#buttons = EMOJI.map((emoji, i) =>
            h('button', { type: 'button', class: 'glyph', tabindex: i ? -1 : 0, onclick: () => this.taken(emoji) }, emoji),
        );
        this.element = h(
            'div', { class: 'board', role: 'group', 'aria-label': texts.t('emoji'), hidden: true, onkeydown: (e: KeyboardEvent) => this.#key(e, texts.dir) },
            ...this.#buttons,
        );
    }

    get open(): boolean {
        return !this.element.hidden;
    }

    show(): void {
        this.element.hidden = false;
        this.#focus(0);
    }

    hide(): void {
        this.element.hidden = true;
    }

    #key(event: KeyboardEvent, dir: 'ltr' | 'rtl'): void {
        if (event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            this.closed();
            return;
        }
        const forward = dir === 'rtl' ? -1 : 1;
        const step = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        const now = this.#buttons.indexOf(event.target as HTMLButtonElement);
        this.#focus(Math.min(this.#buttons.length - 1, Math.max(0, now + step)));
    }

    #focus(index: number): void {
        this.#buttons.forEach((b, i) => (b.tabIndex = i === index ? 0 : -1));
        this.#buttons[index]?.focus();
    }
}
