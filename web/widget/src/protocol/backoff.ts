const FIRST_MS = 500;
const CAP_MS = 30_000;

/** How long to wait before attempt `k` (from 0): full jitter under 0.5 s × 2^k, at most 30 s. */
export function backoff(k: number, random: () => number): number {
    const ceiling = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(k, 16));
    return Math.round(random() * ceiling);
}
