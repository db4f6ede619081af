// The server of the browser tests, with an agent's hands: what a visitor's messages become, and answers.
import { Server } from '../../tests/e2e/support/server.mjs';

// The browsers say where their visitors come from.
process.env.DESKBELL_TRUSTED_PROXIES ??= '127.0.0.1';

export class TestServer extends Server {
    /** A running server with an account and a website inbox. */
    static async start() {
        const server = Object.assign(new TestServer(), await Server.withAccount());
        server.inbox = await server.websiteInbox('Northlight Home');
        return server;
    }

    /** The number of the conversation in which a message with this text stands. */
    async conversationWith(text) {
        for (let i = 0; i < 200; i++) {
            const list = (await this.api('GET', '/conversations?status=all&assignee_type=all')).data.payload;
            for (const c of list) {
                if ((await this.messages(c.id)).some((m) => m.content === text)) return c.id;
            }
            await new Promise((r) => setTimeout(r, 50));
        }
        throw new Error('no conversation has ' + text);
    }

    async messages(conversation) {
        return (await this.api('GET', `/conversations/${conversation}/messages`)).payload;
    }

    /** What the visitor wrote there, oldest first. */
    async incoming(conversation) {
        const rows = (await this.messages(conversation)).filter((m) => m.message_type === 0);
        return rows.sort((a, b) => a.id - b.id).map((m) => m.content);
    }

    async reply(conversation, content, files = []) {
        if (!files.length) return this.api('POST', `/conversations/${conversation}/messages`, { content });
        const form = new FormData();
        form.set('content', content);
        for (const { name, type, bytes } of files) form.append('attachments[]', new Blob([bytes], { type }), name);
        const path = `/api/v1/accounts/${this.account_id}/conversations/${conversation}/messages`;
        const answer = await fetch(this.url + path, { method: 'POST', headers: { api_access_token: this.access_token }, body: form });
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return answer.json();
    }
}
