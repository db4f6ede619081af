// A line between browser and server that can be cut, held, slowed and made to overtake itself.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const wait = (ms) => new Promise((r) => setTimeout(r, ms));

export class Tunnel {
    /** Milliseconds a piece takes, drawn anew for each connection: what was sent later on another may come first. */
    delay = () => 0;
    /** Bytes a second, or none. */
    rate = 0;
    /** Nothing gets through, and nobody is told. */
    held = false;
    /** New connections are refused. */
    down = false;
    #pairs = new Set();

    static async to(port) {
        const tunnel = new Tunnel();
        tunnel.server = createServer((near) => tunnel.#join(near, port)).listen(0, '127.0.0.1');
        await once(tunnel.server, 'listening');
        tunnel.url = `http://127.0.0.1:${tunnel.server.address().port}`;
        return tunnel;
    }

    #join(near, port) {
        if (this.down) return near.destroy();
        const far = connect(port, '127.0.0.1');
        const pair = [near, far];
        this.#pairs.add(pair);
        const slowness = this.delay();
        for (const [from, to] of [[near, far], [far, near]]) {
            let order = Promise.resolve();
            from.on('data', (bytes) => {
                // A slow line is slow at both ends: a sender feels that it is full.
                if (this.rate) from.pause();
                order = order.then(() => this.#carry(bytes, to, slowness)).then(() => from.resume());
            });
            from.on('end', () => (order = order.then(() => to.end())));
            from.on('error', () => this.#close(pair));
            from.on('close', () => void order.then(() => this.#close(pair)));
        }
    }

    async #carry(bytes, to, slowness) {
        await wait(slowness);
        while (this.held && !to.destroyed) await wait(20);
        const step = this.rate ? Math.max(1, Math.floor(this.rate / 20)) : bytes.length;
        for (let i = 0; i < bytes.length && !to.destroyed; i += step) {
            to.write(bytes.subarray(i, i + step));
            if (this.rate) await wait(50);
        }
    }

    #close(pair) {
        this.#pairs.delete(pair);
        for (const socket of pair) socket.destroy();
    }

    /** As a lost network: every connection is gone, in the middle of whatever it was doing. */
    cut() {
        for (const pair of [...this.#pairs]) this.#close(pair);
    }

    async stop() {
        this.cut();
        this.server.close();
        await once(this.server, 'close');
    }
}
