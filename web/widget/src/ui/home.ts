import type { Texts } from '../i18n';
import type { MessageRow } from '../protocol/types';
import css from '../style/home.css';
import { avatar } from './avatar';
import { h, set, takeUp, text } from './dom';
import { faces, presence, type HeaderModel } from './header';
import { icon } from './icons';

export interface HomeModel extends Pick<HeaderModel, 'cfg' | 'says' | 'team' | 'hours' | 'online' | 'known' | 'now'> {
    /** The newest message of a conversation that goes on. */
    last: MessageRow | null;
    unread: number;
    /** Something is asked before the first message, so there is a button instead of the box. */
    asks: boolean;
    past: boolean;
}

export interface HomeActions {
    resume(): void;
    begin(): void;
    history(): void;
}

// With the part, not with the view: other lists are made of tiles, too.
takeUp(css);

/** The first screen below the greeting: go on, begin, look back. What comes later has its place in `rest`. */
export class HomeView {
    readonly element: HTMLElement;
    readonly rest: HTMLElement;
    #team: HTMLElement;
    #faces: HTMLElement;
    #names: HTMLElement;
    #state: HTMLElement;
    #teamShown = '';
    #resume: HTMLButtonElement;
    #face: HTMLElement;
    #line: HTMLElement;
    #time: HTMLElement;
    #count: HTMLElement;
    #begin: HTMLButtonElement;
    #past: HTMLButtonElement;
    #faceShown = '';

    constructor(private texts: Texts, actions: HomeActions) {
        this.#faces = h('span', { class: 'faces', 'aria-hidden': 'true' });
        this.#names = h('b', { dir: 'auto' });
        this.#state = h('span', { class: 'presence' });
        this.#team = h('div', { class: 'tile team' }, h('span', { class: 'about' }, this.#names, this.#state), this.#faces);
        this.#face = h('span', {});
        this.#line = h('bdi', { class: 'line' });
        this.#time = h('span', { class: 'time' });
        this.#count = h('span', { class: 'count' });
        this.#resume = h(
            'button', { type: 'button', class: 'tile resume', onclick: () => actions.resume() }, this.#face,
            h('span', { class: 'about' }, h('b', {}, texts.t('resume')), this.#line), h('span', { class: 'side' }, this.#time, this.#count),
        );
        this.#begin = h('button', { type: 'button', class: 'tile begin', onclick: () => actions.begin() }, h('b', {}, texts.t('begin')), icon('send'));
        this.#past = h('button', { type: 'button', class: 'tile past', onclick: () => actions.history() }, icon('clock'), h('b', {}, texts.t('history')), icon('back', 16));
        this.rest = h('div', { class: 'rest' });
        this.element = h('div', { class: 'home scroller' }, this.#team, this.#resume, this.#begin, this.rest, this.#past);
    }

    update(model: HomeModel): void {
        const { texts } = this;
        const { last, unread, asks, past, now } = model;
        this.#showTeam(model);
        this.#resume.hidden = !last;
        this.#begin.hidden = !!last || !asks;
        this.#past.hidden = !past;
        if (!last) return;
        const own = last.dir === 'in';
        const name = last.from?.name ?? texts.t('agent');
        const face = own ? '' : name + last.from?.avatar;
        if (face !== this.#faceShown || !this.#face.firstChild) {
            this.#faceShown = face;
            this.#face.replaceChildren(own ? icon('check') : avatar(name, last.from?.avatar ?? null));
        }
        text(this.#line, `${own ? texts.t('you') : name}: ${last.body || last.att[0]?.name || '…'}`);
        text(this.#time, texts.when(last.at, now));
        this.#count.hidden = !unread;
        text(this.#count, String(unread));
        set(this.#count, 'aria-label', texts.t('unread', { n: unread }));
    }

    /** Who is there; the names as the language joins them. */
    #showTeam(model: HomeModel): void {
        const { away, word, reply } = presence(this.texts, model);
        const names = new Intl.ListFormat(this.texts.locale).format(model.team.map((p) => p.name)) || model.cfg.site || this.texts.t('agent');
        this.#team.hidden = !model.known;
        text(this.#names, names);
        set(this.#state, 'class', away ? 'presence' : 'presence on');
        text(this.#state, reply ? `${word} · ${reply}` : word);
        const shown = JSON.stringify(model.team);
        if (shown === this.#teamShown) return;
        this.#teamShown = shown;
        this.#faces.replaceChildren(...faces(model.team));
    }

    focus(): void {
        (this.#resume.hidden ? this.#begin : this.#resume).focus();
    }
}
