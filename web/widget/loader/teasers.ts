export interface Teaser {
    name: string;
    text: string;
}

interface World {
    open(): void;
    /** Says it to those who listen. */
    said(text: string): void;
}

interface Fate {
    taken?(): void;
    dismissed?(): void;
}

const SHOWN = 3;

/** Short cards beside the launcher: what waits in the closed chat. A press opens it. */
export class Teasers {
    #box = document.createElement('aside');
    #away = document.createElement('button');
    #shown: Teaser[] = [];
    #fate: Fate = {};

    constructor(shadow: ShadowRoot, private world: World) {
        this.#away.type = 'button';
        this.#away.className = 'away';
        this.#away.textContent = '×';
        this.#away.onclick = () => this.dismiss();
        this.#box.hidden = true;
        shadow.append(this.#box);
        this.speak('Dismiss', 'ltr');
    }

    speak(dismiss: string, dir: string): void {
        this.#away.setAttribute('aria-label', dismiss || 'Dismiss');
        this.#box.dir = dir || 'ltr';
    }

    /** One more message; the newest few are shown. */
    add(teaser: Teaser): void {
        this.#fate = {};
        this.#draw([...this.#shown, teaser].slice(-SHOWN));
    }

    show(teasers: Teaser[], fate: Fate): void {
        this.#fate = fate;
        this.#draw(teasers);
        this.world.said(teasers.map(({ name, text }) => (name ? `${name}: ${text}` : text)).join('\n'));
    }

    dismiss(): void {
        if (this.#shown.length) this.#fate.dismissed?.();
        this.clear();
    }

    clear(): void {
        this.#fate = {};
        this.#draw([]);
    }

    #draw(teasers: Teaser[]): void {
        this.#shown = teasers;
        this.#box.hidden = !teasers.length;
        this.#box.replaceChildren(...(teasers.length ? [this.#away] : []), ...teasers.map((t) => this.#card(t)));
    }

    #card({ name, text }: Teaser): HTMLElement {
        const card = document.createElement('button');
        const who = document.createElement('strong');
        const words = document.createElement('em');
        card.type = 'button';
        who.textContent = name;
        words.textContent = text;
        who.dir = words.dir = 'auto';
        card.append(...(name ? [who] : []), words);
        card.onclick = () => {
            this.#fate.taken?.();
            this.world.open();
        };
        return card;
    }
}
