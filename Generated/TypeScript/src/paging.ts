// Lists: records over all pages, or page by page. Nothing is asked before something is wanted.

import { Call } from "./retrying.js";
import { Sender } from "./sending.js";
import { each, object, text } from "./wire.js";

/** One page of a list. */
export interface Page<T> {
    readonly items: readonly T[];
    /** Leads on as `pageToken`; empty after the last page. */
    readonly nextPageToken: string;
}

/** A list: `for await` gives every record. It can be iterated again, and then asks again. */
export class Pages<T> implements AsyncIterable<T> {
    constructor(
        private readonly sender: Sender, private readonly call: Call, private readonly field: string,
        private readonly read: (value: unknown) => T,
    ) {}

    /** One page: the first, or the one that `pageToken` names. */
    page(): Promise<Page<T>> {
        return this.ask(this.call);
    }

    /** Every page, each asked for when it is wanted. */
    async *pages(): AsyncGenerator<Page<T>, void, undefined> {
        let page = await this.page();
        yield page;
        while (page.nextPageToken !== "") {
            page = await this.ask({ ...this.call, query: { ...this.call.query, page_token: page.nextPageToken } });
            yield page;
        }
    }

    async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
        for await (const page of this.pages()) yield* page.items;
    }

    /** Every record at once. */
    async all(): Promise<T[]> {
        const found: T[] = [];
        for await (const item of this) found.push(item);
        return found;
    }

    private ask(call: Call): Promise<Page<T>> {
        return this.sender.send(call, (value) => {
            const data = object(value);
            return { items: each(data, this.field, this.read), nextPageToken: text(data["next_page_token"]) };
        });
    }
}
