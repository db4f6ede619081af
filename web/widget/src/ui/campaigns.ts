import type { PageCampaign } from '../../bridge_messages';
import { bag, ownLink, text } from '../protocol/decode';
import type { MessageRow } from '../protocol/types';

/** The teasers of docs/protocol.md B.9, for the page that shows them. */
export function readCampaigns(raw: unknown[]): PageCampaign[] {
    return raw.map(bag).flatMap((c) => {
        const rules = bag(c.trigger_rules);
        const sender = bag(c.sender);
        const id = String(c.id ?? '');
        if (!id || !text(c.message)) return [];
        const seconds = Number(rules.time_on_page);
        return [{
            id, message: text(c.message), sender: text(sender.name) ? { name: text(sender.name), avatar: ownLink(sender.avatar) } : null,
            url: text(rules.url), seconds: Number.isFinite(seconds) ? Math.max(0, seconds) : 0,
        }];
    });
}

/** A teaser's message as it stands above the visitor's answer. */
export function campaignRow(raw: unknown[], id: string): MessageRow | null {
    const found = readCampaigns(raw).find((c) => c.id === id);
    return found ? { t: 'message', id: 'campaign', conv: '', n: 0, dir: 'out', from: found.sender, body: found.message, at: Date.now(), att: [] } : null;
}
