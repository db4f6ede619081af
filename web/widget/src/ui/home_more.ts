import type { Texts } from '../i18n';
import { bag, ownLink, text as str } from '../protocol/decode';
import { outLink } from '../protocol/links';
import type { Config, Hours } from '../protocol/types';
import { adopt } from './extra';
import { h } from './dom';
import { icon } from './icons';
import { picture } from './icons_more';

const DAY_MS = 86_400_000;

/** Below the first screen's buttons: when somebody is there, in the visitor's own time, and the help center. */
export function homeMore(texts: Texts, cfg: Config, hours: Hours | null, now: number): HTMLElement[] {
    adopt();
    return [...(hours ? [opening(texts, hours, now)] : []), ...(cfg.help ? [help(texts, cfg.help)] : [])];
}

/** The days from today on, each with its spans as they fall there for the reader; closed days are named too. */
export function week(spans: Hours['spans'], now: number): { at: number; spans: [number, number][] }[] {
    const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
    const days: { at: number; spans: [number, number][] }[] = [];
    for (let i = 0, at = midnight(now); i < 7; i++) {
        const next = midnight(at + DAY_MS + DAY_MS / 2);
        const within = spans.filter(([from, to]) => from < next && to > at).map(([from, to]): [number, number] => [Math.max(from, at), Math.min(to, next)]);
        days.push({ at, spans: within });
        at = next;
    }
    return days;
}

function opening(texts: Texts, hours: Hours, now: number): HTMLElement {
    const lines = week(hours.spans, now).map((day) => {
        const name = new Date(day.at).toLocaleDateString(texts.locale, { weekday: 'long' });
        const whole = day.spans.length === 1 && day.spans[0]![1] - day.spans[0]![0] >= DAY_MS - 3_600_000;
        const times = whole ? texts.t('all_day') : day.spans.map(([from, to]) => `${texts.time(from)} – ${texts.time(to)}`).join(', ');
        return h('div', {}, h('dt', {}, name), h('dd', {}, times || texts.t('closed_day')));
    });
    const head = hours.open ? texts.t('open_now') : hours.opensAt ? texts.t('opens_at', { time: texts.when(hours.opensAt, now) }) : texts.t('closed_now');
    return h(
        'details', { class: 'tile-like hours' },
        h('summary', {}, icon('clock'), h('span', { class: 'about' }, h('b', {}, head), !hours.open && hours.message && h('span', { class: 'line wrap', dir: 'auto' }, hours.message)), icon('down', 16)),
        h('p', { class: 'size' }, texts.t('your_time')), h('dl', {}, ...lines),
    );
}

function help(texts: Texts, place: NonNullable<Config['help']>): HTMLElement {
    const articles = place.popular.map(bag).map((a) => ({ title: str(a.title), url: ownLink(a.url) ?? outLink(a.url, true) }));
    const base = ownLink(place.url) ?? outLink(place.url, true) ?? '/';
    const box = h('input', { type: 'search', placeholder: texts.t('search_help'), 'aria-label': texts.t('search_help'), maxlength: 100, dir: 'auto' });
    const search = (e: Event): void => {
        e.preventDefault();
        const url = new URL(base, location.href);
        if (box.value.trim()) url.searchParams.set('q', box.value.trim());
        window.open(url, '_blank', 'noopener');
    };
    const label = texts.t('search_help');
    return h(
        'section', { class: 'tile-like help', 'aria-label': texts.t('help') },
        h('form', { role: 'search', class: 'find', onsubmit: search }, box, h('button', { type: 'submit', class: 'tool', 'aria-label': label, title: label }, picture('search'))),
        articles.length > 0 && h('ul', {}, ...articles.map((a) => a.url && a.title && h('li', {}, h('a', { href: a.url, target: '_blank', rel: 'noopener' }, picture('book', 18), h('bdi', { class: 'line' }, a.title), picture('next', 14))))),
    );
}
