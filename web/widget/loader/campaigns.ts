import type { PageCampaign } from '../bridge_messages';

interface World {
    /** Whether now is no time for it: the visitor is already talking. */
    quiet(): boolean;
    show(campaign: PageCampaign): void;
    key: string;
}

const SNOOZE_MS = 3_600_000;

/** Whether an address fits a pattern in which * stands for anything; a trailing slash makes no difference. */
export function fits(pattern: string, url: string): boolean {
    const bare = (text: string): string => text.replace(/\/+$/, '');
    const parts = bare(pattern).split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(bare(url));
}

/** Shows a campaign's teaser once its rules are met by the page, one at a time, and not again for an hour once dismissed. */
export class Campaigns {
    #all: PageCampaign[] = [];
    #timers: number[] = [];
    #since = Date.now();
    #shown = new Set<string>();

    constructor(private world: World) {}

    set(campaigns: PageCampaign[]): void {
        this.#all = campaigns;
        this.#plan();
    }

    moved(): void {
        this.#since = Date.now();
        this.#plan();
    }

    snooze(): void {
        this.#stop();
        try {
            localStorage.setItem(this.world.key, String(Date.now() + SNOOZE_MS));
        } catch {
            // the page denies storage: for this page's life then
            this.#all = [];
        }
    }

    #stop(): void {
        this.#timers.splice(0).forEach((timer) => clearTimeout(timer));
    }

    #plan(): void {
        this.#stop();
        const url = location.href.split('#')[0]!;
        for (const campaign of this.#all) {
            if (this.#shown.has(campaign.id) || !fits(campaign.url, campaign.url.includes('?') ? url : url.split('?')[0]!)) continue;
            const wait = Math.max(0, campaign.seconds * 1000 - (Date.now() - this.#since));
            this.#timers.push(window.setTimeout(() => this.#due(campaign), wait));
        }
    }

    #due(campaign: PageCampaign): void {
        if (this.world.quiet() || this.#snoozed()) return;
        this.#stop();
        this.#shown.add(campaign.id);
        this.world.show(campaign);
    }

    #snoozed(): boolean {
        try {
            return Number(localStorage.getItem(this.world.key)) > Date.now();
        } catch {
            return false;
        }
    }
}
