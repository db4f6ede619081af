#pragma once

#include "server/features/conversations/delivery_service.h"
#include "server/features/conversations/dispatcher.h"
#include "server/features/webhooks/webhook_recorder.h"
#include "server/features/webhooks/webhook_sender.h"
#include "tests/server_features/desk.h"

#include <deque>
#include <map>

namespace tests {

/// Other people's servers, at the other end of calls that the test answers.
class FakeOutside : public server::ports::HttpClient {
public:
    struct Call {
        std::uint64_t ticket = 0;
        server::ports::OutgoingCall call;
        [[nodiscard]] std::string id() const { return std::string{call.headers.get("X-Chatwoot-Delivery")}; }
        [[nodiscard]] base::Json json() const { return base::Json::parse(call.body); }
    };

    void begin(std::uint64_t ticket, server::ports::OutgoingCall call) override
    {
        open.push_back({ticket, std::move(call)});
    }
    std::vector<server::ports::CallOutcome> finished() override { return std::exchange(m_done, {}); }
    void onFinished(std::function<void()>) override {}

    /// Ends a call that is open, with a status, or 0 and a failure.
    void answer(std::size_t at, int status, base::Duration retryAfter = {}, const std::string &failure = {})
    {
        server::ports::CallOutcome outcome;
        outcome.ticket = open[at].ticket;
        outcome.status = status;
        outcome.retryAfter = retryAfter;
        outcome.failure = failure;
        m_done.push_back(outcome);
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
    }

    std::deque<Call> open;

private:
    std::vector<server::ports::CallOutcome> m_done;
};

/// A desk whose changes are recorded for webhooks, with a sender that can crash.
class WebhookDesk : public Desk {
public:
    explicit WebhookDesk(std::uint64_t seed = 1)
        : Desk{seed}
        , recorder{{*database, *executor, ephemera, links, "https://desk.example", {}}}
    {
        executor->observe(recorder);
        start();
    }

    void start()
    {
        outside.emplace();
        sender.emplace(server::webhooks::WebhookSender::Parts{*database,
                                                              *executor,
                                                              *outside,
                                                              webhooks,
                                                              inboxes,
                                                              conversations,
                                                              crypto,
                                                              clock,
                                                              random,
                                                              std::chrono::seconds{5},
                                                              {}});
    }
    /// The process is gone, with what was under way, and starts again.
    void crash()
    {
        sender.reset();
        start();
    }

    server::webhooks::WebhookRow hook(const std::string &url, const std::vector<std::string> &events,
                                      std::optional<std::int64_t> scope = std::nullopt)
    {
        return *as(admin, [&](server::sync::WriteContext &ctx) {
            return webhooks.create(ctx, {"", url, events, scope});
        });
    }
    server::inboxes::InboxRow apiInbox(const std::string &url)
    {
        return *as(admin, [&](server::sync::WriteContext &ctx) {
            server::inboxes::WebsiteSettings settings;
            settings.webhookUrl = url;
            return inboxes.createApi(ctx, "App", settings);
        });
    }
    /// One in such an inbox, with a message of its contact; its id.
    base::Uuid conversationIn(const server::inboxes::InboxRow &app)
    {
        base::Uuid id;
        write([&](server::sync::WriteContext &ctx) -> base::Status {
            const auto contact = contacts.create(ctx, {"Customer"});
            const auto row = conversations.create(ctx, {contact->contact.number, app.inbox.number});
            id = row->conversation.id.value;
            return base::Done{};
        });
        const auto row = this->row(id);
        const server::sync::Actor actor{server::sync::Actor::Kind::Contact, row.conversation.contact.value,
                                        row.contact};
        must(actor, [&](server::sync::WriteContext &ctx) -> base::Status {
            server::conversations::NewMessage message;
            message.direction = domain::MessageDirection::Incoming;
            message.body = "Anybody there?";
            const auto posted = conversations.postFromContact(ctx, app, id, message, false);
            return posted ? base::Status{base::Done{}} : base::Status{posted.error()};
        });
        return id;
    }
    /// Replies whose time to take them back is over go out.
    void dispatch()
    {
        server::conversations::Dispatcher{{*database, *executor, channels, clock, random, {}}}.round();
    }
    std::vector<server::webhooks::DeliveryRow> log(server::webhooks::Target target)
    {
        return read([&](server::storage::Transaction &tx) {
            return server::webhooks::DeliveryStore{tx}.log(target, {std::nullopt, 0, 10'000});
        });
    }
    /// Names of what the target was told, oldest first.
    std::vector<std::string> told(server::webhooks::Target target)
    {
        std::vector<std::string> names;
        for (const auto &row : log(target))
            names.insert(names.begin(), row.event.name);
        return names;
    }

    server::conversations::OutboundChannels channels;
    server::sync::Ephemera ephemera;
    server::attachments::BlobLink links{crypto, clock};
    server::webhooks::WebhookService webhooks{crypto};
    server::webhooks::WebhookRecorder recorder;
    std::optional<FakeOutside> outside;
    std::optional<server::webhooks::WebhookSender> sender;
};

} // namespace tests
