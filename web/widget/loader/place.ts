import type { PagePlace } from '../bridge_messages';

const LOOK_MS = 1000;

/** The page without what its address may carry of the visitor. */
export const place = (): PagePlace => ({ url: location.href.split(/[?#]/)[0]!, title: document.title });

/**
 * Tells when the page has become another without a load. Nothing of the page is wrapped: browsers that tell
 * are listened to, with others the address is looked at now and then.
 */
export function watchPlace(moved: (page: PagePlace) => void): void {
    let shown = place().url;
    const look = (): void => {
        const now = place();
        if (now.url === shown) return;
        shown = now.url;
        // Frameworks set the title after the address.
        setTimeout(() => moved(place()), 50);
    };
    const { navigation } = window as unknown as { navigation?: EventTarget };
    if (navigation) navigation.addEventListener('currententrychange', look);
    else setInterval(look, LOOK_MS);
}
