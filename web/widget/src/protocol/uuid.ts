let lastMs = 0;
let counter = 0;

/**
 * A UUIDv7. Ids made by one page sort in the order they were made, also within a millisecond: the
 * twelve bits after the time count on, and borrow the next millisecond when they run out.
 */
export function uuid7(now: number = Date.now()): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    if (now > lastMs) {
        lastMs = now;
        counter = ((bytes[6]! & 0x07) << 8) | bytes[7]!;
    } else if (++counter > 0xfff) {
        lastMs++;
        counter = 0;
    }
    let ms = lastMs;
    for (let i = 5; i >= 0; i--) {
        bytes[i] = ms % 256;
        ms = Math.floor(ms / 256);
    }
    bytes[6] = 0x70 | (counter >> 8);
    bytes[7] = counter & 0xff;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
