import type { Texts } from '../i18n';
import { bag, text as str } from '../protocol/decode';
import type { Extras } from '../protocol/types';
import { h, set } from './dom';
import { picture } from './icons_more';

const FACES = ['😞', '😑', '😐', '😀', '😍'];
const NAMES = ['rate_1', 'rate_2', 'rate_3', 'rate_4', 'rate_5'] as const;

/** How it was, from one to five, with words when one has some. Radio buttons, so that arrows and readers know them. */
export function ratingView(texts: Texts, extras: Extras, answer: (rating: number, words: string) => Promise<string>): HTMLElement {
    const given = bag(bag(extras.submitted_values).csat_survey_response);
    const stars = extras.display_type === 'star';
    let rating = Math.round(Number(given.rating)) || 0;
    let stored = rating > 0;
    const state = h('p', { class: 'quiet', role: 'status' }, stored ? texts.t('thanks') : '');
    const words = h('textarea', { rows: 2, class: 'wide', 'aria-label': texts.t('feedback'), placeholder: texts.t('feedback'), maxlength: 1000, dir: 'auto' });
    words.value = str(given.feedback_message);
    const name = 'rate' + Math.random();
    const labels = NAMES.map((key, i) => {
        const radio = h('input', { type: 'radio', name, value: i + 1, class: 'sr', onchange: () => choose(i + 1) });
        radio.checked = rating === i + 1;
        return h('label', { title: texts.t(key) }, radio, h('span', { class: 'face-mark', 'aria-hidden': 'true' }, stars ? picture('star', 26) : FACES[i]!), h('span', { class: 'sr' }, texts.t(key)));
    });
    const send = h('button', { type: 'submit', class: 'main small' }, texts.t('submit'));
    const rest = h('div', { class: 'rest', hidden: true }, words, send);
    const show = (): void => labels.forEach((label, i) => set(label, 'class', (stars ? i < rating : i + 1 === rating) ? 'picked' : ''));
    const choose = (n: number): void => {
        rating = n;
        rest.hidden = false;
        state.textContent = '';
        show();
    };
    const submit = async (e: Event): Promise<void> => {
        e.preventDefault();
        send.disabled = true;
        const wrong = await answer(rating, words.value.trim());
        send.disabled = false;
        stored ||= !wrong;
        rest.hidden = !wrong;
        state.textContent = wrong || texts.t('thanks');
    };
    show();
    return h('form', { class: 'rating', onsubmit: (e: Event) => void submit(e) }, h('fieldset', {}, h('legend', {}, texts.t('rate')), h('div', { class: stars ? 'marks stars' : 'marks' }, ...labels)), rest, state);
}
