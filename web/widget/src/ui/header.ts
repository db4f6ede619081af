import type { Texts } from '../i18n';
import type { Config, Hours, Person } from '../protocol/types';
import { avatar, initials } from './avatar';
import { arrange, h, set, text } from './dom';
import { icon } from './icons';

const REPLY_TIMES = ['in_a_few_minutes', 'in_a_few_hours', 'in_a_day'] as const;
const FACES = 3;

/** Whether somebody is there, and what that means for an answer. */
export function presence(texts: Texts, { cfg, says, online, hours, now }: Pick<HeaderModel, 'cfg' | 'says' | 'online' | 'hours' | 'now'>): { away: boolean; word: string; reply: string } {
    const away = !online || hours?.open === false;
    const time = REPLY_TIMES.find((t) => t === cfg.reply_time);
    const back = hours?.open === false && hours.opensAt;
    const reply = (away ? says.off : says.on) || (back ? texts.t('back_at', { time: texts.when(back, now) }) : away ? texts.t('leave_message') : time ? texts.t(time) : '');
    return { away, word: texts.t(away ? 'away' : 'online'), reply };
}

export interface HeaderModel {
    cfg: Config;
    /** What the page says instead of when answers come, while somebody is there and while nobody is. */
    says: { on?: string; off?: string };
    team: Person[];
    hours: Hours | null;
    online: boolean;
    /** Whether presence is known. */
    known: boolean;
    home: boolean;
    /** The screen's name; empty where the site's name stands. */
    title: string;
    menu: boolean;
    now: number;
}

export interface HeaderActions {
    back(): void;
    menu(button: HTMLElement): void;
    close(): void;
}

/** Who one talks to and whether somebody is there; greets on the first screen, leads back to it from the others. */
export class HeaderView {
    readonly element: HTMLElement;
    readonly heading: HTMLElement;
    #back: HTMLButtonElement;
    #menu: HTMLButtonElement;
    #faces: HTMLElement;
    #status: HTMLElement;
    #presence: HTMLElement;
    #reply: HTMLElement;
    #title: HTMLElement;
    #tagline: HTMLElement;
    #facesShown = '';

    constructor(private texts: Texts, closable: boolean, actions: HeaderActions) {
        const button = (name: 'back' | 'menu' | 'close', shape: Parameters<typeof icon>[0], run: () => void): HTMLButtonElement =>
            h('button', { type: 'button', class: 'knob ' + name, 'aria-label': texts.t(name), title: texts.t(name), onclick: run }, icon(shape));
        this.#back = button('back', 'back', () => actions.back());
        this.#menu = button('menu', 'more', () => actions.menu(this.#menu));
        set(this.#menu, 'aria-haspopup', 'menu');
        set(this.#menu, 'aria-expanded', 'false');
        this.#faces = h('div', { class: 'faces', 'aria-hidden': 'true' });
        this.heading = h('h1', { tabindex: -1, dir: 'auto' });
        this.#presence = h('span', { class: 'presence' });
        this.#reply = h('span', { class: 'reply' });
        this.#status = h('p', { class: 'status' }, this.#presence, this.#reply);
        this.#title = h('p', { class: 'hello', dir: 'auto' });
        this.#tagline = h('p', { class: 'tagline', dir: 'auto' });
        this.element = h(
            'header', {},
            h(
                'div', { class: 'bar' }, this.#back, this.#faces,
                h('div', { class: 'who' }, this.heading, this.#status),
                this.#menu, closable && button('close', 'close', () => actions.close()),
            ),
            h('div', { class: 'greeting' }, h('div', {}, this.#title, this.#tagline)),
        );
    }

    update(model: HeaderModel): void {
        const { texts } = this;
        const { cfg, home } = model;
        const title = model.title || cfg.site || texts.t('title');
        text(this.heading, title);
        set(this.heading, 'title', title);
        this.#back.hidden = home;
        this.#menu.hidden = !model.menu;
        this.#faces.hidden = !!model.title;
        this.#status.hidden = !!model.title || home;
        this.#showFaces(cfg, model.team, home);
        this.#presence.hidden = this.#reply.hidden = !model.known;
        const state = presence(texts, model);
        set(this.#presence, 'class', state.away ? 'presence' : 'presence on');
        text(this.#presence, state.word);
        text(this.#reply, state.reply);
        text(this.#title, cfg.welcome_title || texts.t('greeting'));
        text(this.#tagline, cfg.welcome_tagline);
        this.element.classList.toggle('greet', home);
        set(this.element.lastElementChild!, 'aria-hidden', home ? null : 'true');
    }

    /** The people who may answer, else the inbox's picture, else the site's letters. */
    #showFaces(cfg: Config, team: Person[], home: boolean): void {
        const shown = JSON.stringify([cfg.site, cfg.avatar, home || team]);
        if (shown === this.#facesShown) return;
        this.#facesShown = shown;
        const mark = cfg.site ? [avatar(cfg.site, cfg.avatar, cfg.avatar ? '' : initials(cfg.site))] : [];
        mark[0]?.classList.add('mark');
        arrange(this.#faces, team.length && !home ? faces(team) : mark);
    }
}

export const faces = (team: Person[]): HTMLElement[] => team.slice(0, FACES).map((p) => avatar(p.name, p.avatar));
