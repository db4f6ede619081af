import type { Entry } from '../state/outbox';
import type { Parts, Screen } from './app';
import { openForm, type FormView } from './form';
import { HistoryView } from './history';
import { chatMenu, openMenu } from './menu';

export { fetchMessages } from './history';

/** The app, as the screens see it that come later. */
export interface Host extends Parts {
    written(): string;
    features(): string[];
    consents(): boolean;
    /** The conversation that is shown. */
    one(): string | undefined;
    /** Sends the first message with what was answered. */
    start(values: Record<string, string | boolean>, message: string): void;
    show(conv: string): void;
    /** Another conversation. */
    begin(): void;
    go(screen: Screen): void;
}

/** What leads on from the first screen and from the thread, in one part, since each is a step from another. */
export class Screens {
    constructor(private host: Host) {}

    /** What must be asked before a first message, or for `entry`, which came back for want of it. */
    form(entry?: Entry): FormView {
        const { texts, chat, drafts, store, written, consents, start, go } = this.host;
        return openForm(texts, chat, drafts, written(), consents(), (values, message) => {
            store.set('agreed', '1');
            if (!entry) start(values, message);
            go('chat');
        }, entry);
    }

    history(): HistoryView {
        const { texts, chat, show, begin } = this.host;
        return new HistoryView(texts, chat, { open: show, begin });
    }

    menu(button: HTMLElement): void {
        const { texts, chat, bridge, opening, popout, one, begin, go, features } = this.host;
        openMenu(texts, button, chatMenu(texts, chat, one(), {
            new_chat: begin, history: () => go('history'), features: features(),
            popout: bridge.embedded && opening.settings.showPopoutButton !== false && popout,
        }));
    }
}
