import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import { bag, text } from './decode';

const SLICE_MS = 12;
const MOST_BITS = 24;

/** Solves the server's riddle (docs/protocol.md B.8) in slices, so that the page goes on; null when it is none. */
export async function solve(answer: unknown): Promise<{ salt: string; nonce: string } | null> {
    const riddle = bag(bag(answer).pow);
    const salt = text(riddle.salt);
    const bits = Number(riddle.bits);
    if (riddle.alg !== 'sha-256' || !salt || !(bits >= 0 && bits <= MOST_BITS)) return null;
    for (let nonce = 0; ; ) {
        for (const end = Date.now() + SLICE_MS; Date.now() < end; nonce++) {
            if (zeros(sha256(utf8ToBytes(`${salt}.${nonce}`))) >= bits) return { salt, nonce: String(nonce) };
        }
        await new Promise((resolve) => setTimeout(resolve));
    }
}

function zeros(bytes: Uint8Array): number {
    const first = bytes.findIndex((b) => b !== 0);
    return first < 0 ? bytes.length * 8 : first * 8 + Math.clz32(bytes[first]!) - 24;
}
